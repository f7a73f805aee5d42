package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import yolompi.distributed.Agreement.AgreedException;

final class ErrorReporterTest {
    @Test
    void agreedErrorIsReportedInOneLine() {
        StringWriter errors = new StringWriter();

        assertThat(ErrorReporter.report(new AgreedException("rank 1: no GPU"), new PrintWriter(errors)))
                .isEqualTo(1);

        assertThat(errors.toString().lines()).containsExactly("yolo-mpi: rank 1: no GPU");
    }
}
