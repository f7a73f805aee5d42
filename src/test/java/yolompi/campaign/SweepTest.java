package yolompi.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.InputException;

class SweepTest {
    private static List<Map<String, String>> runs(String sweep) {
        return Sweep.parse("test.toml", "recipe = \"r.toml\"\n" + sweep).runs();
    }

    private static List<String> values(String key, String value) {
        return runs("[sweep]\n" + key + " = " + value).stream()
                .map(run -> run.get(key))
                .toList();
    }

    @Test
    void listsAndRangesAreCombinedInFileOrder() {
        assertThat(runs("""
                        [sweep]
                        optimizer.kind = ["sgd", "adamw"]
                        train.batch = { from = 8, to = 24, step = 8 }
                        """))
                .containsExactly(
                        Map.of("optimizer.kind", "\"sgd\"", "train.batch", "8"),
                        Map.of("optimizer.kind", "\"sgd\"", "train.batch", "16"),
                        Map.of("optimizer.kind", "\"sgd\"", "train.batch", "24"),
                        Map.of("optimizer.kind", "\"adamw\"", "train.batch", "8"),
                        Map.of("optimizer.kind", "\"adamw\"", "train.batch", "16"),
                        Map.of("optimizer.kind", "\"adamw\"", "train.batch", "24"));
    }

    @Test
    void rangesIncludeTheirEndAndKeepTheirDigits() {
        assertThat(values("a.b", "{ from = 0.1, to = 0.5, step = 0.1 }"))
                .containsExactly("0.1", "0.2", "0.3", "0.4", "0.5");
        assertThat(values("a.b", "{ from = 0.0001, to = 0.1, steps = 4, scale = \"log\" }"))
                .containsExactly("0.0001", "0.001", "0.01", "0.1");
        assertThat(values("a.b", "{ from = 0, to = 1, steps = 3 }")).containsExactly("0", "0.5", "1");
        assertThat(values("a.b", "{ from = 20260101, to = 20260104, steps = 4 }"))
                .containsExactly("20260101", "20260102", "20260103", "20260104");
        assertThat(values("a.b", "[[320, 416], [], 7, 0.5, true]"))
                .containsExactly("[320,416]", "[]", "7", "0.5", "true");
    }

    @Test
    void randomValuesAreInRangeReproducibleAndDifferBetweenRuns() {
        String sweep = """
                samples = 40
                seed = 3
                [sweep]
                lr = { min = 0.001, max = 0.1, scale = "log" }
                steps = { min = 2, max = 4 }
                """;
        List<Map<String, String>> runs = runs(sweep);
        assertThat(runs).hasSize(40).isEqualTo(runs(sweep)).isNotEqualTo(runs(sweep.replace("seed = 3", "seed = 4")));
        assertThat(runs)
                .extracting(run -> run.get("steps"))
                .containsOnly("2", "3", "4")
                .contains("2", "3", "4");
        assertThat(runs)
                .extracting(run -> Double.parseDouble(run.get("lr")))
                .allMatch(value -> value >= 0.001 && value <= 0.1)
                .doesNotHaveDuplicates();
        // Each power of ten gets about as many.
        assertThat(runs.stream()
                        .filter(run -> Double.parseDouble(run.get("lr")) < 0.01)
                        .count())
                .isBetween(10L, 30L);
    }

    @Test
    void randomValuesNearOneStayInRangeAndDiffer() {
        assertThat(runs("""
                samples = 20
                [sweep]
                decay = { min = 0.9999, max = 0.99999 }
                """))
                .extracting(run -> Double.parseDouble(run.get("decay")))
                .allMatch(value -> value >= 0.9999 && value <= 0.99999)
                .doesNotHaveDuplicates();
    }

    @Test
    void addingARunKeepsTheRandomValuesOfTheOthers() {
        String sweep = "samples = %d\n[sweep]\nlr = { min = 0.1, max = 0.9 }";
        assertThat(runs(sweep.formatted(5)).subList(0, 4)).isEqualTo(runs(sweep.formatted(4)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [sweep] lr = 0.1                             | sweep.lr: found 0.1, expected a list
            [sweep] lr = []                              | at least one value
            [sweep] lr = { from = 1, to = 2 }            | either steps
            [sweep] lr = { min = nan, max = inf }        | a number for min
            [sweep] lr = { from = 2, to = 1, steps = 3 } | from below to
            [sweep] lr = { from = 1, to = 2, stepz = 3 } | no key 'stepz'
            [sweep] lr = { from = 1, to = 2, steps = 1 } | an integer from 2
            [sweep] lr = { min = 0, max = 1, scale = "log" } | min above 0
            [sweep] lr = { min = 0, max = 1, scale = "exp" } | "linear" or "log"
            [sweep] lr = { min = "a", max = 1 }          | a number for min
            [sweep] lr = { from = 0, to = 1e9, step = 1 } | fewer than 1000 values
            [sweep] lr = [1, 2] , steps = 2              | not valid TOML
            sample = 3 [sweep] lr = [1]                  | unknown key sample
            samples = 3 [sweep] lr = [1]                 | all runs would be the same
            samples = 2000 [sweep] lr = { min = 0, max = 1 } | at most 1000
            samples = 0 [sweep] lr = { min = 0, max = 1 } | expected at least 1
            samples = "x" [sweep] lr = [1]               | expected an integer
            seed = 1                                     | a table [sweep]
            """)
    void invalidSweepIsRejectedWhenItIsRead(String sweep, String message) {
        assertThatThrownBy(() -> runs(sweep.replace(" [sweep] ", "\n[sweep]\n").replace("[sweep] ", "[sweep]\n")))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("test.toml", message);
    }
}
