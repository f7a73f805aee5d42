package yolompi.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.checkpoint.NamedTensor.DType;

/** Reads the files with an independent parser in Python. */
final class SafetensorsInteropTest {
    private static final String PARSER = """
            import json, struct, sys
            data = open(sys.argv[1], 'rb').read()
            size, = struct.unpack('<Q', data[:8])
            header = json.loads(data[8:8 + size].decode('utf-8'))
            body = data[8 + size:]
            print('step', header.pop('__metadata__')['step'])
            codes = {'F32': 'f', 'I64': 'q', 'U8': 'B', 'F64': 'd'}
            for name, entry in sorted(header.items()):
                begin, end = entry['data_offsets']
                count = (end - begin) // struct.calcsize(codes[entry['dtype']])
                print(name, entry['shape'], list(struct.unpack('<%d%s' % (count, codes[entry['dtype']]), body[begin:end])))
            print('unread', len(body) - max(e['data_offsets'][1] for e in header.values()))
            """;

    @TempDir
    Path folder;

    @Tag("program")
    @Test
    void pythonReadsNamesShapesAndValues() throws IOException, InterruptedException {
        boolean python = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "python3")));
        assumeTrue(python, "python3 is not on the PATH: apt-get install python3");
        Path file = folder.resolve("a.safetensors");
        ByteBuffer floats = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        floats.putFloat(0.5f).putFloat(-2).putFloat(1e10f).putFloat(0).flip();
        ByteBuffer longs = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        longs.putLong(-1234567890123456789L).flip();
        Safetensors.write(
                file,
                new Checkpoint(
                        Map.of("step", "77"),
                        List.of(
                                new NamedTensor(
                                        "b.bytes", DType.U8, new long[] {3}, ByteBuffer.wrap(new byte[] {1, 2, -1})),
                                new NamedTensor("a.weight", DType.F32, new long[] {2, 2}, floats),
                                new NamedTensor("c.count", DType.I64, new long[] {}, longs))));

        Process process = new ProcessBuilder("python3", "-c", PARSER, file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines())
                .containsExactly(
                        "step 77",
                        "a.weight [2, 2] [0.5, -2.0, 10000000000.0, 0.0]",
                        "b.bytes [3] [1, 2, 255]",
                        "c.count [] [-1234567890123456789]",
                        "unread 0");
    }
}
