package yolompi.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Rewords picocli's messages about wrong arguments: what was found, and what is expected. */
final class WrongUsage {
    /** Picocli's message for a command group without a command. */
    private static final String NO_COMMAND = "Missing required subcommand";

    /** Picocli's names of Java types, and plain words for them. */
    private static final Map<String, String> TYPES = Map.of(
            "is not an int", "is not an integer",
            "is not a long", "is not an integer",
            "is not a double", "is not a number",
            "is not a float", "is not a number");

    private WrongUsage() {}

    static String of(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        List<String> commands = commands(command);
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched.getUnmatched(), commands);
        }
        String message = String.valueOf(wrong.getMessage());
        return message.equals(NO_COMMAND)
                ? "a COMMAND is missing: expected " + String.join(", ", commands)
                : inWords(message);
    }

    private static String unmatched(List<String> arguments, List<String> commands) {
        String first = arguments.get(0);
        if (first.startsWith("-")) {
            return "found " + first + ", expected an option of this command";
        }
        return commands.isEmpty()
                ? "found '%s', which is not an option or parameter of this command".formatted(first)
                : "found the command '%s', expected %s".formatted(first, String.join(", ", commands));
    }

    private static List<String> commands(CommandLine command) {
        return command.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(spec -> !spec.usageMessage().hidden())
                .map(CommandLine.Model.CommandSpec::name)
                .toList();
    }

    private static String inWords(String message) {
        String words = message.replaceFirst("^Error: ", "");
        for (Map.Entry<String, String> type : TYPES.entrySet()) {
            words = words.replace(type.getKey(), type.getValue());
        }
        return words;
    }
}
