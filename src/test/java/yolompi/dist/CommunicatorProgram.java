package yolompi.dist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.InputException;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.NativeLibraries;
import yolompi.torch.Tensors;

/** A rank that tries out whatever ranks exchange and prints what it sees. */
final class CommunicatorProgram {
    private static final int ROUNDS = 60;
    private static final int MOST_BYTES = 1 << 20;

    private final Communicator ranks;
    private final int rank;

    private CommunicatorProgram(Communicator ranks) {
        this.ranks = ranks;
        this.rank = ranks.world().rank();
    }

    public static void main(String[] args) {
        NativeLibraries.load(torch.class);
        try (Communicator ranks = Communicator.join()) {
            CommunicatorProgram program = new CommunicatorProgram(ranks);
            program.world();
            program.bytes();
            program.agreement();
            program.tensors();
        }
    }

    private void world() {
        World world = ranks.world();
        say("world " + world.localRank() + " of " + world.localSize() + ", " + world.describe());
        say("cores " + Cores.share(ranks));
    }

    /** Every rank knows what every other sends, so that each can check all. */
    private void bytes() {
        boolean right = true;
        for (int round = 0; round < ROUNDS; round++) {
            List<byte[]> all = ranks.allGather(message(round, rank));
            for (int sender = 0; sender < all.size(); sender++) {
                right &= Arrays.equals(all.get(sender), message(round, sender));
            }
            byte[] first = ranks.broadcast(rank == 0 ? message(round, 0) : new byte[0]);
            right &= Arrays.equals(first, message(round, 0));
        }
        say("bytes " + right);
        say("text " + ranks.allGather("größe " + rank) + " " + ranks.broadcast("from " + rank));
        say("sum " + Arrays.toString(ranks.sum(rank, 0.5)));
        say("numbers " + Arrays.toString(ranks.broadcast(rank == 0 ? new double[] {0.1, Double.NaN} : new double[0])));
        say("any " + ranks.any(rank == 1) + " " + ranks.any(false));
    }

    /** Of 0 to a MiB, another length for each rank and round. */
    private static byte[] message(int round, int sender) {
        SplittableRandom random = new SplittableRandom(31L * round + sender);
        byte[] message = new byte[round % 5 == sender ? 0 : random.nextInt(MOST_BYTES)];
        random.nextBytes(message);
        return message;
    }

    private void agreement() {
        say("agreed " + Agreement.on(ranks, () -> "value " + rank));
        say("one " + thrown(() -> Agreement.on(ranks, () -> fail(rank == 1, "shard 3 is damaged"))));
        say("all " + thrown(() -> Agreement.on(ranks, () -> fail(true, "no such recipe"))));
        say("same " + thrown(() -> same(Map.of("recipe", "equal"))));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("recipe", "equal");
        fields.put("data set", rank == 1 ? "other" : "usual");
        say("differing " + thrown(() -> same(fields)));
    }

    private static String fail(boolean really, String message) {
        if (really) {
            throw new InputException(message);
        }
        return "fine";
    }

    private String same(Map<String, String> fields) {
        Agreement.same(ranks, fields);
        return "fine";
    }

    private static String thrown(Supplier<String> action) {
        try {
            return action.get();
        } catch (AgreedException e) {
            return "refused: " + e.getMessage();
        }
    }

    private void tensors() {
        for (String backend : List.of("gloo", "mpi")) {
            DistRecipe recipe = RecipeFile.parse("test", "dist.backend = \"" + backend + "\"", List.of())
                    .dist();
            try (TensorGroup group = Backends.meet(ranks, recipe, false)) {
                tensors(backend, group);
            }
        }
    }

    private void tensors(String backend, TensorGroup group) {
        Tensor values = Tensors.ofFloats(new float[] {rank, 10}, 2);
        group.average(values);
        say(backend + " average " + Arrays.toString(Tensors.toFloats(values)));
        Tensor own = Tensors.ofFloats(new float[] {rank + 5}, 1);
        group.broadcast(own);
        say(backend + " broadcast " + Arrays.toString(Tensors.toFloats(own)));
        for (ScalarType type : List.of(ScalarType.Float, ScalarType.Half, ScalarType.BFloat16)) {
            say(backend + " sums " + type + " " + sumsAreRight(group, type));
        }
        say(backend + " rows " + gatheredRows(group));
    }

    /** Several sums under way at once, of lengths that the ranks don't divide, of whole numbers that every type holds. */
    private boolean sumsAreRight(TensorGroup group, ScalarType type) {
        List<Tensor> tensors = new ArrayList<>();
        List<TensorGroup.Pending> pending = new ArrayList<>();
        for (int length : new int[] {1, 5, 1001, 300_001}) {
            Tensor tensor = torch.arange(new Scalar(length)).remainder(new Scalar(7));
            tensors.add(tensor.mul(new Scalar(rank + 1)).to(type));
            pending.add(group.sum(tensors.get(tensors.size() - 1)));
        }
        pending.forEach(TensorGroup.Pending::await);
        int ranksSum = ranks.world().size() * (ranks.world().size() + 1) / 2;
        boolean right = true;
        for (Tensor tensor : tensors) {
            float[] sums = Tensors.toFloats(tensor);
            for (int i = 0; i < sums.length; i++) {
                right &= sums[i] == (i % 7) * ranksSum;
            }
        }
        return right;
    }

    /** Rank r weighs row q by (r + 1)(q + 1), so that the gradient of row q is (q + 1) times the sum of all r + 1. */
    private String gatheredRows(TensorGroup group) {
        Tensor row = Tensors.ofFloats(new float[] {rank, 2 * rank}, 2).set_requires_grad(true);
        Tensor rows = new GatheredRows(group).gather(row);
        Tensor weights = torch.arange(new Scalar(1), new Scalar(ranks.world().size() + 1))
                .unsqueeze(1)
                .mul(new Scalar(rank + 1));
        rows.mul(weights).sum().backward();
        return Arrays.toString(Tensors.toFloats(rows)) + " " + Arrays.toString(Tensors.toFloats(row.grad()));
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
