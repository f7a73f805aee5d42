package yolompi.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import yolompi.InputException;
import yolompi.WrongUsageException;
import yolompi.dist.AgreedException;

/**
 * Tells the user on standard error why a command failed: one line {@code yolo-mpi: message} for what a user can mend, a stack trace for
 * what only a programmer can. {@code -Dyolompi.trace=true} shows the stack trace always.
 */
final class Failures {
    private static final int FAILURE = 1;
    private static final int WRONG_USAGE = 2;

    private Failures() {}

    /** The exit status that tells what kind of failure ended a command. */
    static int status(Throwable failure) {
        boolean wrongUsage =
                failure instanceof WrongUsageException || failure.getCause() instanceof WrongUsageException;
        return wrongUsage ? WRONG_USAGE : FAILURE;
    }

    /** Reports a command that failed while it ran; returns its exit status. */
    static int report(Throwable failure, PrintWriter err) {
        Optional<String> expected = expected(failure);
        err.println("yolo-mpi: " + expected.orElse("unexpected " + failure));
        if (expected.isEmpty() || Boolean.getBoolean("yolompi.trace")) {
            failure.printStackTrace(err);
        }
        err.flush();
        return status(failure);
    }

    /** Reports arguments that no command understands, with the nearest valid ones; returns exit status 2. */
    static int report(ParameterException wrongUsage) {
        PrintWriter err = wrongUsage.getCommandLine().getErr();
        err.println("yolo-mpi: " + WrongUsage.of(wrongUsage));
        UnmatchedArgumentException.printSuggestions(wrongUsage, err);
        err.println("Try: " + wrongUsage.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return WRONG_USAGE;
    }

    /** The message of a failure that comes from what the user gave or from the machine; empty when the program itself is at fault. */
    private static Optional<String> expected(Throwable failure) {
        if (failure instanceof InputException || failure instanceof AgreedException) {
            return Optional.of(failure.getMessage());
        }
        if (failure instanceof UncheckedIOException unchecked) {
            // Without words of its own it repeats its cause.
            boolean repeats = unchecked.getCause().toString().equals(unchecked.getMessage());
            return repeats ? expected(unchecked.getCause()) : Optional.ofNullable(unchecked.getMessage());
        }
        if (failure instanceof InvalidPathException name) {
            return Optional.of(inWords(name));
        }
        return failure instanceof IOException io ? Optional.of(inWords(io)) : Optional.empty();
    }

    /** In the plain locale Java knows English letters alone. */
    private static String inWords(InvalidPathException name) {
        return name.getInput() + ": " + name.getReason()
                + "; in this locale Java can't open a file of this name: export LC_ALL=C.UTF-8";
    }

    /** The JDK's commonest file errors carry the bare path as their message. */
    static String inWords(IOException failure) {
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file or directory";
        }
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (failure instanceof FileAlreadyExistsException existing) {
            return existing.getFile() + ": is a file; expected a folder, or a name that isn't taken";
        }
        if (failure instanceof FileSystemLoopException loop) {
            return loop.getFile()
                    + ": a link that leads back to a folder above it; remove it, or name the folders beside it";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
