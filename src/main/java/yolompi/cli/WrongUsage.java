package yolompi.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in this program's words what picocli found wrong with the arguments: what was found, and what is expected there. */
final class WrongUsage {
    /** Picocli's message where a command that does nothing alone is given none of those below it. */
    private static final String NO_COMMAND = "Missing required subcommand";

    /** How picocli calls Java's types, and what they are to a user. */
    private static final Map<String, String> TYPES = Map.of(
            "is not an int", "is no whole number",
            "is not a long", "is no whole number",
            "is not a double", "is no number",
            "is not a float", "is no number");

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
                ? "found '%s', which belongs to no option or parameter".formatted(first)
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
