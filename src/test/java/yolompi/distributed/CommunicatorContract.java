package yolompi.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.world.Host;
import yolompi.distributed.world.World;
import yolompi.ranks.RankTest;
import yolompi.ranks.RankTestCase;

/** Tests that every {@link Communicator} must pass. */
abstract class CommunicatorContract implements RankTestCase<Communicator> {
    private static final int ROUNDS = 60;
    private static final int MAX_BYTES = 1 << 20;

    @RankTest
    void worldHoldsTheRanksNumberAndHost(Communicator ranks) {
        World world = ranks.world();

        assertThat(ranks.allGather(Integer.toString(world.rank()))).isEqualTo(rankNumbers(world));
        assertThat(world.localRank()).isEqualTo(world.rank()); // all are on this host
        assertThat(world.localSize()).isEqualTo(world.size());
        assertThat(world.describe())
                .isEqualTo("rank %d of %d on %s".formatted(world.rank(), world.size(), Host.name()));
    }

    private static List<String> rankNumbers(World world) {
        return IntStream.range(0, world.size()).mapToObj(Integer::toString).toList();
    }

    /** Every rank can compute the message of every other rank. */
    @RankTest
    void allGatherReturnsTheBytesOfEachRankAtAnyLength(Communicator ranks) {
        for (int round = 0; round < ROUNDS; round++) {
            List<byte[]> all = ranks.allGather(message(round, ranks.world().rank()));

            assertThat(all).hasSize(ranks.world().size());
            for (int sender = 0; sender < all.size(); sender++) {
                assertThat(Arrays.equals(all.get(sender), message(round, sender)))
                        .as("round %d, rank %d's bytes", round, sender)
                        .isTrue();
            }
        }
    }

    @RankTest
    void broadcastReturnsTheBytesOfRankZeroAtAnyLength(Communicator ranks) {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] own = ranks.world().isRankZero() ? message(round, 0) : new byte[0];

            assertThat(Arrays.equals(ranks.broadcast(own), message(round, 0)))
                    .as("round %d", round)
                    .isTrue();
        }
    }

    /** Up to one MiB. The length depends on rank and round; in some rounds it is 0. */
    private static byte[] message(int round, int sender) {
        SplittableRandom random = new SplittableRandom(31L * round + sender);
        byte[] message = new byte[round % 5 == sender ? 0 : random.nextInt(MAX_BYTES)];
        random.nextBytes(message);
        return message;
    }

    @RankTest
    void allGatherOfNothingReturnsEmptyArrays(Communicator ranks) {
        assertThat(ranks.allGather(""))
                .isEqualTo(Collections.nCopies(ranks.world().size(), ""));
    }

    @RankTest
    void textKeepsEveryLetter(Communicator ranks) {
        List<String> expected = IntStream.range(0, ranks.world().size())
                .mapToObj(rank -> "größe " + rank)
                .toList();

        assertThat(ranks.allGather("größe " + ranks.world().rank())).isEqualTo(expected);
        assertThat(ranks.broadcast("größe " + ranks.world().rank())).isEqualTo("größe 0");
    }

    @RankTest
    void sumIsElementwise(Communicator ranks) {
        int size = ranks.world().size();

        assertThat(ranks.allReduceSum(ranks.world().rank(), 0.5)).containsExactly(size * (size - 1) / 2.0, 0.5 * size);
    }

    @RankTest
    void sumWithNanIsNanOnAllRanks(Communicator ranks) {
        boolean last = ranks.world().rank() == ranks.world().size() - 1;

        assertThat(ranks.allReduceSum(last ? Double.NaN : 1, 1))
                .containsExactly(Double.NaN, ranks.world().size());
    }

    @RankTest
    void broadcastOfNumbersKeepsEveryBit(Communicator ranks) {
        double[] numbers = {0.1, Double.NaN, Double.NEGATIVE_INFINITY, -0.0};

        assertThat(ranks.broadcast(ranks.world().isRankZero() ? numbers : new double[0]))
                .containsExactly(numbers);
    }

    @RankTest
    void anyIsTrueIfOneRankIsTrue(Communicator ranks) {
        assertThat(ranks.any(ranks.world().rank() == ranks.world().size() - 1)).isTrue();
        assertThat(ranks.any(false)).isFalse();
    }

    @RankTest
    void agreementReturnsTheRanksOwnValue(Communicator ranks) {
        String value = "value " + ranks.world().rank();

        assertThat(Agreement.on(ranks, () -> value)).isEqualTo(value);
    }

    @RankTest
    void refusalOfOneRankIsThrownByAllRanks(Communicator ranks) {
        int last = ranks.world().size() - 1;

        assertThatThrownBy(() ->
                        Agreement.on(ranks, () -> ranks.world().rank() == last ? refuse("shard 3 is damaged") : "fine"))
                .isInstanceOf(AgreedException.class)
                .hasMessage(last == 0 ? "shard 3 is damaged" : "rank " + last + ": shard 3 is damaged");
    }

    @RankTest
    void refusalOfAllRanksIsReportedOnce(Communicator ranks) {
        assertThatThrownBy(() -> Agreement.on(ranks, () -> refuse("no such recipe")))
                .isInstanceOf(AgreedException.class)
                .hasMessage("no such recipe");
    }

    private static String refuse(String message) {
        throw new InputException(message);
    }

    @RankTest
    void equalValuesAreAccepted(Communicator ranks) {
        Agreement.same(ranks, Map.of("recipe", "equal"));
    }

    @RankTest
    void differingValueIsNamedWithItsRank(Communicator ranks) {
        int last = ranks.world().size() - 1;
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("recipe", "equal");
        fields.put("data set", ranks.world().rank() == last ? "other" : "usual");
        if (last == 0) {
            Agreement.same(ranks, fields); // one rank agrees with itself
            return;
        }

        assertThatThrownBy(() -> Agreement.same(ranks, fields))
                .isInstanceOf(AgreedException.class)
                .hasMessage(
                        "rank %d on %s has a different data set than rank 0 on %s;"
                                + " start all ranks with the same files and arguments",
                        last, Host.name(), Host.name());
    }
}
