package yolompi.distributed.collective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.distributed.Communicator.SingleProcess;
import yolompi.torch.LoadLibTorch;

@ExtendWith(LoadLibTorch.class)
class TorchProcessGroupTest {
    /**
     * Sizes around that of the rendezvous store in LibTorch 2.10. New blocks of these sizes reuse
     * the memory of a freed group.
     */
    private static final List<Integer> SIZES = IntStream.iterate(104, size -> size <= 520, size -> size + 16)
            .boxed()
            .toList();

    private static final int BLOCKS_OF_A_SIZE = 20;
    private static final byte MARK = 7;

    @Test
    void closedGroupDoesNotWriteIntoFreedMemory() {
        List<BytePointer> blocks;
        try (PointerScope scope = new PointerScope()) {
            try (TorchProcessGroup group = TorchProcessGroup.gloo(new SingleProcess(), "gloo", 300)) {
                Tensor sum = torch.ones(10);
                group.allReduceSum(sum).await();
                assertThat(sum.sum().item_double()).isEqualTo(10);
            }
            blocks = SIZES.stream()
                    .flatMap(size -> Stream.generate(() -> marked(size)).limit(BLOCKS_OF_A_SIZE))
                    .toList();
        } // frees what was left of the group, as the garbage collector does

        assertThat(blocks).allSatisfy(block -> {
            byte[] bytes = new byte[(int) block.capacity()];
            block.get(bytes);
            assertThat(bytes).containsOnly(MARK);
        });
        blocks.forEach(Pointer::releaseReference);
    }

    /** A block that the scope does not free. */
    private static BytePointer marked(int size) {
        BytePointer block = new BytePointer(size);
        block.retainReference();
        Pointer.memset(block, MARK, size);
        return block;
    }
}
