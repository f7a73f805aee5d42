package yolompi.distributed.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoresTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"0; 1", "0-3; 4", "0-3,8; 5", "1,3,5-6; 4"})
    void coresAreCountedFromTheKernelsList(String processors, int count) {
        assertThat(Cores.count(processors)).isEqualTo(count);
    }
}
