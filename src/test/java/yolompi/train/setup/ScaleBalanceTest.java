package yolompi.train.setup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;
import yolompi.model.Architecture;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.recipe.Recipes;

final class ScaleBalanceTest {
    private static final Architecture TINY = ArchitectureReader.read("yolov3-tiny", List.of(), 3);

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[1.0, 4.0]"})
    void scaleBalanceHasOneFactorPerHeadOrNone(String balance) {
        assertThatCode(() -> SetupChecks.scaleBalance(Recipes.with("loss.scale_balance=" + balance), TINY))
                .doesNotThrowAnyException();
    }

    @Test
    void wrongNumberOfFactorsIsRefused() {
        assertThatThrownBy(() -> SetupChecks.scaleBalance(Recipes.with("loss.scale_balance=[0.4, 1.0, 4.0]"), TINY))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("loss.scale_balance = [0.4, 1.0, 4.0]: found 3 factors, expected 2");
    }
}
