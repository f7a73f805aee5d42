package yolompi.distributed.collective;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Differentiable all-gather of one row per rank, as synchronized batch norm needs it.
 *
 * <p>Every rank computes with all rows. So the gradient of a row is the sum of the gradients that
 * all ranks compute for this row.
 */
public final class DifferentiableAllGather {
    private final ProcessGroup group;

    /**
     * One hook for all layers. LibTorch's references do not keep the hook alive, so this field
     * does.
     */
    private final TensorTensorHook sumOverRanks;

    public DifferentiableAllGather(ProcessGroup group) {
        this.group = group;
        this.sumOverRanks = new TensorTensorHook() {
            @Override
            public TensorBase call(TensorBase gradient) {
                try (NoGradGuard constant = new NoGradGuard()) {
                    Tensor sum = new Tensor(gradient).contiguous().clone();
                    group.allReduceSum(sum).await();
                    return sum;
                }
            }
        };
    }

    /**
     * Gathers the rows of all ranks. Collective; the backward pass runs a second collective.
     *
     * @param row float32 {@code [n]}
     * @return float32 {@code [ranks, n]}
     */
    public Tensor gather(Tensor row) {
        int rank = group.world().rank();
        int size = group.world().size();
        Tensor all;
        try (NoGradGuard constant = new NoGradGuard()) {
            all = row.new_zeros(size, row.numel());
            all.select(0, rank).copy_(row.detach());
            group.allReduceSum(all).await();
        }
        TensorVector rows =
                new TensorVector(all.narrow(0, 0, rank), row.unsqueeze(0), all.narrow(0, rank + 1L, size - rank - 1L));
        Tensor gathered = torch.cat(rows, 0);
        if (gathered.requires_grad()) {
            gathered.register_hook(sumOverRanks);
        }
        return gathered;
    }
}
