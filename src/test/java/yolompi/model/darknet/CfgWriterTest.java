package yolompi.model.darknet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.model.Architecture;

final class CfgWriterTest {
    private static final String TEXT = """
            # of 80 classes
            [net]
            batch=1
            width = 608 ; wide
            [convolutional]
            filters=255
            activation=linear
            [yolo]
            mask=0
            anchors=10,14, 23,27
            classes=80
            num=2
            [route]
            layers=0
            [convolutional]
            activation=linear
            [yolo]
            anchors=10,14, 23,27
            ignore_thresh=.7
            """;

    @Test
    void trainedSettingsReplaceThoseOfTheFile() {
        List<Double> anchors = List.of(7.5, 1e-4, 30.0, 40.0);
        Architecture architecture = ArchitectureReader.parse("a.cfg", TEXT, anchors, 4);

        assertThat(CfgWriter.of(architecture, anchors, 96)).isEqualTo("""
                # of 80 classes
                [net]
                channels=3
                height=96
                batch=1
                width=96
                [convolutional]
                filters=9
                activation=linear
                [yolo]
                mask=0
                anchors=7.5, 0.0001, 30, 40
                classes=4
                num=2
                [route]
                layers=0
                [convolutional]
                filters=18
                activation=linear
                [yolo]
                num=2
                classes=4
                anchors=7.5, 0.0001, 30, 40
                ignore_thresh=.7
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yolov3", "yolov3-tiny", "yolov3-spp"})
    void builtInNetworksGetTheTrainedNumberOfClasses(String name) {
        Architecture architecture = ArchitectureReader.read(name, List.of(), 4);

        assertThat(CfgWriter.of(architecture, List.of(), 96)).doesNotContain("80");
    }

    @Test
    void adaptedTextStaysUnchanged() {
        Architecture architecture = ArchitectureReader.parse("a.cfg", TEXT, List.of(), 4);
        String fitted = CfgWriter.of(architecture, List.of(), 96);

        assertThat(fitted).contains("anchors=10,14, 23,27");
        assertThat(CfgWriter.of(ArchitectureReader.parse("b.cfg", fitted, List.of(), 4), List.of(), 96))
                .isEqualTo(fitted);
    }
}
