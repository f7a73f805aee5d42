package yolompi.distributed.collective;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;
import yolompi.distributed.watchdog.Activity;
import yolompi.distributed.world.Host;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.DistRecipe.Backend;

/** Chooses the backend that exchanges tensors between ranks, and creates the process group. */
public final class ProcessGroups {
    private static final List<Backend> FASTEST_FIRST = List.of(Backend.NCCL, Backend.GLOO, Backend.MPI);

    private final Communicator ranks;
    private final DistRecipe recipe;
    private final boolean onGpu;
    /** Reasons by backend, in the order of the attempts. */
    private final Map<Backend, String> unavailable = new LinkedHashMap<>();

    private ProcessGroups(Communicator ranks, DistRecipe recipe, boolean onGpu) {
        this.ranks = ranks;
        this.recipe = recipe;
        this.onGpu = onGpu;
    }

    /**
     * Creates the process group over the recipe's backend, or over the first one that works.
     * Collective.
     *
     * @param onGpu whether this process computes on a GPU
     * @throws AgreedException on all ranks, with the reasons, if the backend fails on at least one;
     *     with {@code auto}, if all backends fail
     */
    public static ProcessGroup create(Communicator ranks, DistRecipe recipe, boolean onGpu) {
        if (ranks.world().size() == 1) {
            return new ProcessGroup.Single(ranks.world());
        }
        return new ProcessGroups(ranks, recipe, onGpu).create();
    }

    private ProcessGroup create() {
        boolean choosing = recipe.backend() == Backend.AUTO;
        for (Backend backend : choosing ? FASTEST_FIRST : List.of(recipe.backend())) {
            Optional<ProcessGroup> group = attempt(backend);
            if (group.isPresent()) {
                return group.get();
            }
        }
        throw new AgreedException(
                choosing
                        ? "dist.backend = \"auto\": no backend is available: " + String.join("; ", refusals())
                        : ("dist.backend = \"%s\" is not available: %s;"
                                        + " choose another, or \"auto\" for the first that works")
                                .formatted(name(recipe.backend()), unavailable.get(recipe.backend())));
    }

    /** Empty, with the reason recorded, if the backend fails on any rank. */
    private Optional<ProcessGroup> attempt(Backend backend) {
        Optional<ProcessGroup> group = Optional.empty();
        String reason = obstacle(backend);
        if (agreed(backend, reason)) {
            try {
                group = Optional.of(open(backend));
            } catch (RuntimeException | LinkageError e) {
                reason = String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
            }
            if (agreed(backend, reason)) {
                return group;
            }
            group.ifPresent(ProcessGroup::close);
        }
        return Optional.empty();
    }

    /** What this rank can check alone, before all try and wait for a rank that cannot. */
    private String obstacle(Backend backend) {
        String missing = backend == Backend.NCCL ? NcclBackend.obstacle(onGpu) : "";
        if (!missing.isEmpty() || backend == Backend.MPI) {
            return missing;
        }
        try {
            Host.address(ranks.world());
            return "";
        } catch (InputException e) {
            return e.getMessage();
        }
    }

    /** Whether no rank gives a reason. Otherwise records the reasons, each distinct one once. */
    private boolean agreed(Backend backend, String reason) {
        List<String> reasons = ranks.allGather(reason);
        Map<String, Integer> firstRank = new LinkedHashMap<>();
        for (int rank = 0; rank < reasons.size(); rank++) {
            if (!reasons.get(rank).isEmpty()) {
                firstRank.putIfAbsent(reasons.get(rank), rank);
            }
        }
        if (firstRank.isEmpty()) {
            return true;
        }
        unavailable.put(
                backend,
                firstRank.entrySet().stream()
                        .map(found -> "rank %d: %s".formatted(found.getValue(), found.getKey()))
                        .collect(Collectors.joining("; ")));
        return false;
    }

    /** Such as {@code not nccl (rank 0: this process computes on the CPU)}. */
    private List<String> refusals() {
        return unavailable.entrySet().stream()
                .map(refused -> "not %s (%s)".formatted(name(refused.getKey()), refused.getValue()))
                .toList();
    }

    private ProcessGroup open(Backend backend) {
        String words = String.join(
                ", ",
                Stream.concat(Stream.of(name(backend)), refusals().stream()).toList());
        return switch (backend) {
            case NCCL -> TorchProcessGroup.nccl(ranks, words, exchangeSeconds());
            case GLOO -> TorchProcessGroup.gloo(ranks, words, exchangeSeconds());
            case MPI -> MpiProcessGroup.meet(ranks, words);
            case AUTO -> throw new IllegalArgumentException("auto is not a backend");
        };
    }

    /**
     * Time-out of a collective: as long as one rank may save while others wait for its tensors. A
     * shorter one would blame the ranks that wait.
     */
    private int exchangeSeconds() {
        return recipe.timeoutSeconds() * Activity.SAVING.patience();
    }

    private static String name(Backend backend) {
        return backend.name().toLowerCase(Locale.ROOT);
    }
}
