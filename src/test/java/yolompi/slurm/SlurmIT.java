package yolompi.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;

/** The job scripts on a real Slurm cluster of two nodes, with two ranks on each. */
@Tag("slurm")
class SlurmIT {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Map<String, String> MPIRUN = Map.of("YOLOMPI_LAUNCHER", "mpirun");
    private static final Map<String, String> SRUN = Map.of("YOLOMPI_LAUNCHER", "srun");

    @TempDir
    private static Path folder;

    private static final List<SlurmCluster> CLUSTER = new ArrayList<>();
    private static PackedShapes shapes;
    private static Path recipe;

    /** An uninterrupted training of four epochs of 25 steps. */
    @BeforeAll
    static void trainUninterrupted() throws IOException {
        CLUSTER.add(SlurmCluster.up(folder));
        shapes = PackedShapes.in(Files.createDirectory(folder.resolve("shapes")), 100, 5);
        recipe = shapes.recipe("slurm", """
                train.epochs = 4
                train.batch = 4
                data.size = 96
                eval.every_epochs = 0
                checkpoint.last_every_epochs = 4
                checkpoint.every_steps = 40
                report.samples = true
                """);
        cluster()
                .submit(
                        MPIRUN,
                        "train.sbatch",
                        recipe.toString(),
                        "--run-dir",
                        run("uncut").toString())
                .await("COMPLETED", LIMIT);
    }

    @AfterAll
    static void stopCluster() {
        CLUSTER.forEach(SlurmCluster::close);
    }

    private static SlurmCluster cluster() {
        return CLUSTER.get(0);
    }

    private static Path run(String name) {
        return folder.resolve("runs").resolve(name);
    }

    private static String log(String name) throws IOException {
        return Files.readString(run(name).resolve("train.log"));
    }

    @Test
    void logNamesTheJobAndItsNodes() throws IOException {
        assertThat(log("uncut")).containsPattern("Slurm job \\d+, restart 0, on n\\[1-2\\]");
        assertThat(SampleTraces.of(run("uncut"))).hasSize(100);
    }

    @Test
    void checkPrintsTheResourcesOfEachRank() {
        SlurmCluster.Output output = cluster()
                .run(
                        "srun",
                        "--mpi=pmix",
                        "--nodes=2",
                        "--ntasks-per-node=1",
                        "java",
                        "-jar",
                        Path.of("target/yolo-mpi.jar").toAbsolutePath().toString(),
                        "check",
                        recipe.toString());
        assertThat(output.text())
                .containsPattern("slurm     job \\d+, restart 0, on n\\[1-2\\]")
                .containsPattern("rank      rank 0 of 2 on n1: fp32 on the CPU, \\d+ cores")
                .containsPattern("rank      rank 1 of 2 on n2: fp32 on the CPU, \\d+ cores");
    }

    @Test
    void allRanksEvaluateTheTrainedWeights() throws IOException {
        SlurmCluster.Job job = cluster()
                .submit(
                        SRUN,
                        "eval.sbatch",
                        "--weights",
                        run("uncut").resolve("checkpoints/last.safetensors").toString(),
                        "--data",
                        shapes.val().toString(),
                        "--json",
                        folder.resolve("evaluated.json").toString());
        job.await("COMPLETED", LIMIT);
        assertThat(job.output()).contains("triangle", "mAP@0.5");
        assertThat(folder.resolve("evaluated.json")).isNotEmptyFile();
    }

    /** Runs both launchers at once: the nodes have room for two jobs, which mostly wait. */
    @Test
    void warnedJobIsRequeuedAndResumesAtTheNextSample() throws IOException {
        Map<String, SlurmCluster.Job> jobs = new TreeMap<>();
        for (String launcher : List.of("mpirun", "srun")) {
            String name = "warned-" + launcher;
            Map<String, String> environment = Map.of("YOLOMPI_LAUNCHER", launcher);
            jobs.put(
                    name,
                    cluster()
                            .submit(
                                    environment,
                                    "train.sbatch",
                                    recipe.toString(),
                                    "--run-dir",
                                    run(name).toString(),
                                    "--set=data.size=192"));
        }
        // Warn each job as soon as it trains: one may end before the other starts.
        List<CompletableFuture<Void>> warnings = new ArrayList<>();
        jobs.forEach((name, job) -> warnings.add(CompletableFuture.runAsync(
                () -> {
                    cluster().awaitText(run(name).resolve("train.log"), "step 2/", 1, LIMIT);
                    // The signal that --signal=B:USR1@… sends before the time limit.
                    cluster().run("scancel", "--batch", "--signal=USR1", job.id());
                },
                work -> new Thread(work, "warns " + name).start())));
        warnings.forEach(CompletableFuture::join);
        for (Map.Entry<String, SlurmCluster.Job> job : jobs.entrySet()) {
            String name = job.getKey();
            cluster().awaitText(run(name).resolve("train.log"), "Slurm job", 2, LIMIT);
            job.getValue().await("COMPLETED", LIMIT);

            assertThat(job.getValue().output())
                    .contains("training stopped before its end and saved its state; requeued");
            assertThat(log(name)).containsPattern("Slurm job \\d+, restart 1,").contains("resuming from");
            assertThat(SampleTraces.of(run(name))).isEqualTo(SampleTraces.of(run("uncut")));
        }
    }

    @Test
    void lostNodeRequeuesTheJobFromItsLastCheckpoint() throws IOException {
        SlurmCluster.Job job = cluster()
                .submit(
                        MPIRUN,
                        "train.sbatch",
                        recipe.toString(),
                        "--run-dir",
                        run("lost").toString());
        cluster().awaitText(run("lost").resolve("train.log"), "step 50/", 1, LIMIT);
        cluster().fail("n2");
        cluster().awaitText(folder.resolve("yolo-mpi-" + job.id() + ".out"), "a node was lost", 1, LIMIT);
        cluster().repair("n2");
        job.await("COMPLETED", LIMIT);

        // Slurm may restart the job on the lost node before it notices the loss.
        assertThat(log("lost"))
                .containsPattern("Slurm job \\d+, restart [1-9],")
                .containsPattern("resuming from .*step 40");
        assertThat(SampleTraces.of(run("lost"))).isEqualTo(SampleTraces.of(run("uncut")));
    }

    /** Steps take seconds, so the launcher must leave the ranks time to save. */
    @Test
    void canceledJobSavesAndIsNotRequeued() throws IOException {
        SlurmCluster.Job job = cluster()
                .submit(
                        MPIRUN,
                        "train.sbatch",
                        recipe.toString(),
                        "--run-dir",
                        run("cancelled").toString(),
                        "--set=model.cfg=yolov3-tiny",
                        "--set=data.size=416",
                        "--set=train.batch=8",
                        "--set=report.every_steps=1");
        cluster().awaitText(run("cancelled").resolve("train.log"), "step 2/", 1, LIMIT);
        assertThat(cluster().ranks()).isNotEmpty();
        cluster().run("scancel", job.id());
        job.await("CANCELLED", LIMIT);
        cluster().awaitNoRanks(LIMIT);
        assertThat(log("cancelled")).contains("stopped after step");
        assertThat(job.output()).doesNotContain("requeued");
    }

    @Test
    void ranksPackTheShardsOfOneProcess() throws IOException {
        String[] arguments = {
            "--format", "yolo",
            "--images", shapes.folder().resolve("drawn/images").toString(),
            "--annotations", shapes.folder().resolve("drawn/labels").toString(),
            "--split", shapes.folder().resolve("drawn/train.txt").toString(),
            "--names", shapes.folder().resolve("drawn/names.txt").toString(),
            "--size", "96",
            "--shard-mib", "64",
            "--out", folder.resolve("packed").toString()
        };
        cluster().submit(SRUN, "pack.sbatch", arguments).await("COMPLETED", LIMIT);
        assertThat(folder.resolve("packed/shard-00000.h5"))
                .hasSameBinaryContentAs(shapes.train().resolve("shard-00000.h5"));
        assertThat(folder.resolve("packed/pack-report.json"))
                .hasSameTextualContentAs(shapes.train().resolve("pack-report.json"));
    }

    @Test
    void campaignEndsWithAComparisonAndCanBeContinued() throws IOException {
        Path sweep = Files.writeString(folder.resolve("four.toml"), """
                recipe = "%s"
                [sweep]
                optimizer.kind = ["sgd", "adamw"]
                optimizer.learning_rate = { from = 0.001, to = 0.1, steps = 2, scale = "log" }
                train.epochs = [2]
                eval.every_epochs = [1]
                """.formatted(recipe));
        SlurmCluster.Output dry = campaign("--dry-run", sweep.toString(), "--ntasks-per-node=1");
        assertThat(dry.text().replace(folder.toRealPath().toString(), "FOLDER").replace(home(), "HOME"))
                .isEqualTo(Files.readString(Path.of("src/test/resources/yolompi/slurm/dry-run.txt")));
        Path made = folder.resolve("campaigns/four");
        // Mark the second run as finished, so that it is not trained again.
        Files.createFile(Files.createDirectory(made.resolve("0002")).resolve("finished"));

        SlurmCluster.Output submitted =
                campaign("--continue", made.toString(), "--ntasks-per-node=1", "--cpus-per-task=1", "--mem-per-cpu=1G");
        assertThat(submitted.text()).contains("runs 1,3-4 of").contains("--continue");
        cluster().awaitText(made.resolve("logs/report.out"), "the best run is", 1, LIMIT);

        assertThat(Files.readString(made.resolve("logs/report.out")))
                .contains("3 of 4 runs started")
                .containsPattern("the best run is .*four/000[134]: .*optimizer.kind = ")
                .doesNotContain("unfinished runs");
        assertThat(Files.readString(made.resolve("index.html"))).contains("0001", "0003", "0004", "optimizer.kind");
        assertThat(campaign("--continue", made.toString()).text())
                .contains("all runs of")
                .contains("are finished");
    }

    @Test
    void warnedCampaignTaskIsRequeuedAloneAndNotResubmitted() throws IOException {
        Path sweep = Files.writeString(folder.resolve("two.toml"), """
                recipe = "%s"
                sweep.train.epochs = [500, 600]
                """.formatted(recipe));
        campaign(sweep.toString(), "--ntasks-per-node=1", "--cpus-per-task=1", "--mem-per-cpu=1G");
        Path made = folder.resolve("campaigns/two");
        for (String log : List.of("0001/train.log", "0002/train.log")) {
            cluster().awaitText(made.resolve(log), "step 2/", 1, LIMIT);
        }
        String array = Files.readString(made.resolve("jobs")).strip();
        SlurmCluster.Job last = cluster().job(array + "_2");
        // The last task has the number of the array, which Slurm also takes for all tasks.
        assertThat(last.shown()).contains("JobId=" + array + " ");
        cluster().run("scancel", "--batch", "--signal=USR1", last.id());
        last.await("PENDING", LIMIT);
        assertThat(cluster().job(array + "_1").shown()).contains("JobState=RUNNING ", "Restarts=0 ");
        assertThat(campaign("--continue", made.toString()).text()).contains("runs 1,2 of", "nothing to submit");
        cluster().run("scancel", "--user=root");
        cluster().job(array + "_1").await("CANCELLED", LIMIT);
    }

    private static SlurmCluster.Output campaign(String... arguments) {
        return cluster()
                .run(Stream.concat(Stream.of(home() + "/slurm/campaign"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private static String home() {
        return Path.of("").toAbsolutePath().toString();
    }
}
