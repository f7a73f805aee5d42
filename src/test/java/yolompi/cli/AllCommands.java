package yolompi.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * All commands and subcommands as lists of words, such as {@code [weights, import]}; an empty list
 * is the program itself.
 */
public final class AllCommands {
    private AllCommands() {}

    public static List<List<String>> words() {
        List<List<String>> all = new ArrayList<>();
        add(Main.commandLine(), List.of(), all);
        return all;
    }

    private static void add(CommandLine command, List<String> words, List<List<String>> all) {
        all.add(words);
        command.getSubcommands().forEach((name, subcommand) -> {
            List<String> more = new ArrayList<>(words);
            more.add(name);
            add(subcommand, more, all);
        });
    }
}
