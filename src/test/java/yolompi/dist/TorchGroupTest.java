package yolompi.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import yolompi.torch.NativeLibraries;

class TorchGroupTest {
    /** Of LibTorch's TCPStore: blocks of that size get its memory when it is freed. */
    private static final int STORE_BYTES = 216;

    private static final byte MARK = 7;

    @Test
    void nothingWritesIntoTheMemoryOfAClosedGroup() {
        NativeLibraries.load(torch.class);
        List<BytePointer> blocks;
        try (PointerScope scope = new PointerScope()) {
            try (TorchGroup group = TorchGroup.gloo(new SingleProcess(), "gloo", 10)) {
                Tensor sum = torch.ones(10);
                group.sum(sum).await();
                assertThat(sum.sum().item_double()).isEqualTo(10);
            }
            blocks = Stream.generate(TorchGroupTest::marked).limit(200).toList();
        } // frees what was left of the group, as the garbage collector does

        assertThat(blocks).allSatisfy(block -> {
            byte[] bytes = new byte[STORE_BYTES];
            block.get(bytes);
            assertThat(bytes).containsOnly(MARK);
        });
        blocks.forEach(Pointer::releaseReference);
    }

    /** A block that the scope does not free. */
    private static BytePointer marked() {
        BytePointer block = new BytePointer(STORE_BYTES);
        block.retainReference();
        Pointer.memset(block, MARK, STORE_BYTES);
        return block;
    }
}
