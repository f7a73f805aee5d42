package yolompi.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import yolompi.InputException;
import yolompi.WrongUsageException;
import yolompi.distributed.Agreement.AgreedException;

/**
 * Reports on standard error why a command failed: one line {@code yolo-mpi: message} for errors
 * that a user can fix, a stack trace for bugs. {@code -Dyolompi.trace=true} always adds the stack
 * trace.
 */
final class ErrorReporter {
    private static final int FAILURE = 1;
    private static final int WRONG_USAGE = 2;

    private ErrorReporter() {}

    /** The exit status for a failure: 2 for wrong usage, otherwise 1. */
    static int status(Throwable failure) {
        boolean wrongUsage =
                failure instanceof WrongUsageException || failure.getCause() instanceof WrongUsageException;
        return wrongUsage ? WRONG_USAGE : FAILURE;
    }

    /** Reports the failure of a running command; returns the exit status. */
    static int report(Throwable failure, PrintWriter err) {
        Optional<String> expected = expected(failure);
        err.println("yolo-mpi: " + expected.orElse("unexpected " + failure));
        if (expected.isEmpty() || Boolean.getBoolean("yolompi.trace")) {
            failure.printStackTrace(err);
        }
        err.flush();
        return status(failure);
    }

    /** Reports invalid arguments, with suggestions for misspelled ones; returns exit status 2. */
    static int report(ParameterException wrongUsage) {
        PrintWriter err = wrongUsage.getCommandLine().getErr();
        err.println("yolo-mpi: " + WrongUsage.of(wrongUsage));
        UnmatchedArgumentException.printSuggestions(wrongUsage, err);
        err.println("Try: " + wrongUsage.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return WRONG_USAGE;
    }

    /** The message for an error of the input or the machine; empty for a bug in the program. */
    private static Optional<String> expected(Throwable failure) {
        if (failure instanceof InputException || failure instanceof AgreedException) {
            return Optional.of(failure.getMessage());
        }
        if (failure instanceof UncheckedIOException unchecked) {
            // Without a message of its own, it repeats that of its cause.
            boolean repeats = unchecked.getCause().toString().equals(unchecked.getMessage());
            return repeats ? expected(unchecked.getCause()) : Optional.ofNullable(unchecked.getMessage());
        }
        if (failure instanceof InvalidPathException name) {
            return Optional.of(inWords(name));
        }
        return failure instanceof IOException io ? Optional.of(inWords(io)) : Optional.empty();
    }

    /** In the POSIX locale Java accepts only ASCII in file names. */
    private static String inWords(InvalidPathException name) {
        return name.getInput() + ": " + name.getReason()
                + "; Java can't open a file of this name in this locale: export LC_ALL=C.UTF-8";
    }

    /** Adds the reason to common file errors; the JDK's message is only the path. */
    static String inWords(IOException failure) {
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file or directory";
        }
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (failure instanceof FileAlreadyExistsException existing) {
            return existing.getFile() + ": is a file; expected a folder, or a name that does not exist";
        }
        if (failure instanceof FileSystemLoopException loop) {
            return loop.getFile()
                    + ": is a link to a folder above it (a loop); remove the link, or name the folders beside it";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Rewords picocli's messages about wrong arguments: what was found, and what is expected. */
    private static final class WrongUsage {
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
}
