package yolompi.distributed.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which rank is blamed, by which rank and when, on a clock that the test drives. */
class FailureDetectorTest {
    private static final double SILENCE = 20;
    private static final double TIMEOUT = 300;
    private static final StallTimeouts PATIENCE = new StallTimeouts(SILENCE, TIMEOUT, 1);
    private static final double BEAT = SimulatedJob.BEAT_SECONDS;

    @Test
    void rankThatHangsWhileOthersWaitIsNamedAfterTheTimeout() {
        SimulatedJob job = SimulatedJob.onOneMachine(4, PATIENCE);
        begin(job, 1);

        assertThat(job.runUntilReport()).isBetween(TIMEOUT, TIMEOUT + BEAT);
        assertThat(job.reports()).hasSize(1);
        assertThat(job.reports().get(0).by()).isZero();
        assertThat(job.reports().get(0).text()).isEqualTo("""
                yolo-mpi: rank 1 of 4 on node hangs, in step 3, loading images for 300 s
                  waiting: ranks 0, 2-3 (loading images, waiting for all ranks, step 3)
                  the job ends; run the same command with --resume to continue from the last checkpoint""");
    }

    @Test
    void timeoutCountsFromTheLastChange() {
        SimulatedJob job = SimulatedJob.onOneMachine(2, PATIENCE);
        begin(job, 1);
        job.run(TIMEOUT - BEAT);
        job.rank(1).status().enter(Activity.FORWARD);

        assertThat(job.runUntilReport()).isBetween(TIMEOUT, TIMEOUT + BEAT);
        assertThat(job.reports().get(0).text()).contains("rank 1 of 2 on node hangs, in step 3, computing the forward");
    }

    @ParameterizedTest(name = "rank {0} of 4 is reported by rank {1}")
    @CsvSource({"0, 3", "2, 0", "3, 0"})
    void stoppedRankIsNamedAfterTheTimeout(int victim, int reporter) {
        SimulatedJob job = SimulatedJob.onOneMachine(4, PATIENCE);
        begin(job, victim);
        job.run(5);
        job.rank(victim).stop();

        assertThat(job.runUntilReport()).isBetween(SILENCE, SILENCE + BEAT);
        assertThat(job.reports()).hasSize(1);
        assertThat(job.reports().get(0).by()).isEqualTo(reporter);
        assertThat(job.reports().get(0).text())
                .contains("rank %d of 4 on node has been stopped (SIGSTOP, or a debugger) for 20 s".formatted(victim))
                .containsPattern("waiting: ranks? [0-3, -]+ \\(loading images, waiting for all ranks, step 3");
    }

    @ParameterizedTest(name = "rank {0} of 4 is reported by rank {1}")
    @CsvSource({"0, 3", "2, 0", "3, 0"})
    void deadRankIsNamedAtTheNextPoll(int victim, int reporter) {
        SimulatedJob job = SimulatedJob.onOneMachine(4, PATIENCE);
        begin(job, victim);
        job.run(5);
        job.rank(victim).die();

        assertThat(job.runUntilReport()).isEqualTo(BEAT);
        assertThat(job.reports()).hasSize(1);
        assertThat(job.reports().get(0).by()).isEqualTo(reporter);
        assertThat(job.reports().get(0).text())
                .contains("rank %d of 4 on node died, in step 3, loading images for".formatted(victim))
                .contains("the same command with --resume");
    }

    @Test
    void rankLostWhileItEvaluatesIsReportedWithThat() {
        SimulatedJob job = SimulatedJob.onOneMachine(3, PATIENCE);
        begin(job, 1);
        job.rank(1).status().enter(Activity.EVALUATING);
        job.run(5);
        job.rank(1).die();

        job.runUntilReport();
        assertThat(job.reports()).hasSize(1);
        assertThat(job.reports().get(0).text()).contains("rank 1 of 3 on node died, in step 3, evaluating for");
    }

    @ParameterizedTest(name = "rank {0} of 3 is reported by rank {1}")
    @CsvSource({"0, 2", "1, 0"})
    void silentRankOnAnotherMachineIsNamedAfterTheTimeout(int victim, int reporter) {
        SimulatedJob job = SimulatedJob.onMachinesOfTheirOwn(3, PATIENCE);
        begin(job, victim);
        job.run(5);
        job.rank(victim).die();

        assertThat(job.runUntilReport()).isBetween(SILENCE - BEAT, SILENCE);
        assertThat(job.reports()).hasSize(1);
        assertThat(job.reports().get(0).by()).isEqualTo(reporter);
        assertThat(job.reports().get(0).text())
                .contains("rank %d of 3 on node has not responded for 20 s".formatted(victim));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void failureOfAWorkingRankIsReportedAtOnce(int victim) {
        SimulatedJob job = SimulatedJob.onOneMachine(3, PATIENCE);
        begin(job, victim);
        job.run(5);
        job.rank(victim).fail("shard 3 is damaged");

        assertThat(job.runUntilReport()).isEqualTo(BEAT);
        assertThat(job.reports().get(0).text())
                .contains("rank %d of 3 on node failed, in step 3, loading images for".formatted(victim))
                .contains(": shard 3 is damaged");
    }

    @Test
    void rankThatAloneReceivesTermIsNamed() {
        SimulatedJob job = SimulatedJob.onOneMachine(3, PATIENCE);
        begin(job, 1);
        job.rank(1).receiveTerm();

        assertThat(job.runUntilReport()).isLessThan(PATIENCE.lastWordsSeconds() + BEAT);
        assertThat(job.reports().get(0).text()).contains("rank 1 of 3 on node received SIGTERM, in step 3");
    }

    @Test
    void termOnAllRanksBlamesNobody() {
        SimulatedJob job = SimulatedJob.onOneMachine(3, PATIENCE);
        begin(job, 1);
        job.rank(1).receiveTerm();
        job.run(BEAT);
        job.othersThan(1).forEach(SimulatedJob.Rank::receiveTerm);
        job.run(10);

        assertThat(job.reports()).isEmpty();
    }

    @Test
    void shortFreezeDoesNotEndTheJob() {
        SimulatedJob job = SimulatedJob.onOneMachine(2, PATIENCE);
        for (int freeze = 0; freeze < 3; freeze++) {
            begin(job, 1);
            job.run(5);
            job.rank(1).stop();
            job.run(SILENCE - BEAT);
            job.rank(1).resume();
        }
        assertThat(job.reports()).isEmpty();
    }

    @Test
    void longSaveDoesNotEndTheJob() {
        SimulatedJob job = SimulatedJob.onOneMachine(2, PATIENCE);
        begin(job, 0);
        job.rank(0).status().enter(Activity.SAVING);
        job.run(4 * TIMEOUT);
        assertThat(job.reports()).isEmpty();

        job.run(2 * BEAT);
        assertThat(job.reports().get(0).text()).contains("rank 0 of 2 on node hangs, in step 3, saving a checkpoint");
    }

    @Test
    void slowRankDoesNotEndTheJob() {
        SimulatedJob job = SimulatedJob.onOneMachine(2, PATIENCE);
        for (int step = 0; step < 5; step++) {
            begin(job, 1);
            job.run(0.9 * TIMEOUT);
        }
        assertThat(job.reports()).isEmpty();
    }

    @Test
    void suspendedMachineBlamesNobody() {
        SimulatedJob job = SimulatedJob.onOneMachine(3, PATIENCE);
        begin(job, 1);
        job.run(5);
        job.sleep(10 * TIMEOUT);
        job.run(5);
        assertThat(job.reports()).isEmpty();
    }

    @Test
    void frozenWatcherBlamesNobody() {
        SimulatedJob job = SimulatedJob.onMachinesOfTheirOwn(3, PATIENCE);
        begin(job, 1);
        job.run(5);
        job.rank(0).stop();
        job.run(SILENCE - BEAT);
        job.rank(0).resume();
        job.run(5);
        assertThat(job.reports()).isEmpty();
    }

    /** All ranks were frozen, and the watcher resumes first. */
    @Test
    void unfrozenWatcherWaitsForHeartbeatsBeforeBlaming() {
        SimulatedJob job = SimulatedJob.onOneMachine(3, PATIENCE);
        begin(job, 1);
        job.othersThan(0).forEach(SimulatedJob.Rank::stop);
        job.run(SILENCE - 2 * BEAT);
        job.sleep(60);
        job.run(BEAT);
        job.othersThan(0).forEach(SimulatedJob.Rank::resume);
        job.run(5);
        assertThat(job.reports()).isEmpty();
    }

    @Test
    void rankThatEndedNormallyIsNotBlamed() {
        SimulatedJob job = SimulatedJob.onOneMachine(3, PATIENCE);
        begin(job, 1);
        job.all().forEach(SimulatedJob.Rank::leave);
        job.run(BEAT);
        job.rank(1).die();
        job.run(BEAT);

        assertThat(job.reports()).isEmpty();
        assertThat(job.rank(0).allLeft()).isTrue();
        assertThat(job.rank(2).allLeft()).isTrue();
    }

    /** In step 3 all other ranks wait for one. */
    private static void begin(SimulatedJob job, int worker) {
        job.rank(worker).status().step(3, Activity.LOADING);
        job.othersThan(worker).forEach(rank -> rank.waitsInStep(3));
    }
}
