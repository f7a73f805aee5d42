package yolompi.distributed;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import yolompi.InputException;

/** Checks that succeed or fail on all ranks together. */
public final class Agreement {
    /**
     * A failure that all ranks know and throw together. Rank 0 alone reports it, and all ranks end
     * normally.
     */
    public static final class AgreedException extends RuntimeException {
        public AgreedException(String message) {
            super(message);
        }

        /** A failure with the same message on all ranks. */
        private AgreedException(InputException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private Agreement() {}

    /**
     * Runs an action that may find invalid input, on every rank. Collective.
     *
     * @throws AgreedException on all ranks if the action failed on at least one, with the message
     *     of the first rank that failed
     */
    public static <T> T on(Communicator ranks, Supplier<T> action) {
        T value = null;
        Optional<InputException> own = Optional.empty();
        try {
            value = action.get();
        } catch (InputException e) {
            own = Optional.of(e);
        }
        List<String> messages =
                ranks.allGather(own.map(InputException::getMessage).orElse(""));
        for (int rank = 0; rank < messages.size(); rank++) {
            String found = messages.get(rank);
            if (!found.isEmpty()) {
                boolean everywhere = messages.stream().allMatch(found::equals);
                throw everywhere
                        ? new AgreedException(own.orElseThrow())
                        : new AgreedException("rank " + rank + ": " + found);
            }
        }
        return value;
    }

    /**
     * Checks that all ranks hold the same values. Collective.
     *
     * @param fields values by name; the name appears in the error message
     * @throws AgreedException on all ranks, naming the field and a rank that differs from rank 0
     */
    public static void same(Communicator ranks, Map<String, String> fields) {
        List<String> hosts = ranks.allGather(ranks.world().host());
        fields.forEach((name, value) -> {
            List<String> values = ranks.allGather(value);
            for (int rank = 1; rank < values.size(); rank++) {
                if (!values.get(rank).equals(values.get(0))) {
                    throw new AgreedException(("rank %d on %s has a different %s than rank 0 on %s;"
                                    + " start all ranks with the same files and arguments")
                            .formatted(rank, hosts.get(rank), name, hosts.get(0)));
                }
            }
        });
    }
}
