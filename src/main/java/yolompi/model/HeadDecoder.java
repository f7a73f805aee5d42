package yolompi.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import yolompi.torch.Tensors;

/**
 * Decodes one head. Its raw values are rows, one per predictor, in the order image, row, column,
 * anchor.
 *
 * <p>Decoding (YOLOv3, section 2.1): center = (cell + sigmoid(t)) * stride, size = anchor * exp(t).
 * With a center scale s other than 1, s * sigmoid(t) - (s - 1) / 2 replaces sigmoid(t) (Bochkovskiy
 * et al., YOLOv4, 2020, "eliminate grid sensitivity").
 *
 * <p>A channels-last head has this order in memory, so its rows and their gradients are views.
 */
public final class HeadDecoder {
    /** Maximum t in exp(t). A larger t is not a sensible box and would overflow. */
    public static final double MAX_EXPONENT = 8;

    private final YoloHead head;
    private final int images;
    private final int cells; // along an edge
    private final Tensor rows; // [N*G*G*A,5+C]

    /**
     * Rearranges a raw head into rows.
     *
     * @param raw float {@code [N, A*(5+C), G, G]}
     */
    public HeadDecoder(YoloHead head, Tensor raw) {
        this.head = head;
        this.images = (int) raw.size(0);
        this.cells = (int) raw.size(2);
        long predictors = (long) images * cells * cells * head.anchors().size();
        this.rows = raw.permute(0, 2, 3, 1).reshape(predictors, head.valuesPerAnchor()); // [N*G*G*A,5+C]
    }

    /** All rows, {@code [N*G*G*A, 5+C]}. */
    public Tensor rows() {
        return rows;
    }

    /** Raw objectness, {@code [N*G*G*A]}. */
    public Tensor objectness() {
        return rows.select(1, 4);
    }

    /** Boxes of all predictors, {@code [N, G*G*A, 4]}: x1, y1, x2, y2 in input pixels. */
    public Tensor boxes() {
        long predictors = (long) cells * cells * head.anchors().size(); // of one image
        Tensor grid = Tensors.beside(rows, Tensors.ofFloats(head.grid(cells), predictors, 4))
                .to(rows.scalar_type()); // [G*G*A,4]
        Tensor raw = rows.narrow(1, 0, 4).reshape(images, grid.size(0), 4); // [N,G*G*A,4]
        return corners(raw, grid.narrow(1, 0, 2), grid.narrow(1, 2, 2), head);
    }

    /**
     * Decodes boxes from raw values.
     *
     * @param raw {@code [P,4]} or {@code [N,P,4]}: x, y, w, h from the network
     * @param cell {@code [P,2]}: column and row of the predictor's cell
     * @param anchor {@code [P,2]}: width and height of the predictor's anchor, input pixels
     * @return x1, y1, x2, y2 in input pixels, in the shape of {@code raw}
     */
    public static Tensor corners(Tensor raw, Tensor cell, Tensor anchor, YoloHead head) {
        Tensor centers = offsets(raw, head).add(cell).mul(new Scalar(head.stride())); // [...,P,2]
        Tensor halves = raw.narrow(-1, 2, 2)
                .clamp_max(new Scalar(MAX_EXPONENT))
                .exp()
                .mul(anchor)
                .mul(new Scalar(0.5)); // [...,P,2]
        return torch.cat(new TensorVector(centers.sub(halves), centers.add(halves)), -1); // [...,P,4]
    }

    /**
     * Positions of the centers in their cells, {@code [P,2]} or {@code [N,P,2]}: 0 to 1 for a
     * center scale of 1.
     *
     * @param raw {@code [P,4]} or {@code [N,P,4]}: x, y, w, h from the network
     */
    public static Tensor offsets(Tensor raw, YoloHead head) {
        Tensor inside = raw.narrow(-1, 0, 2).sigmoid(); // [...,P,2]
        float scale = head.centerScale();
        return scale == 1 ? inside : inside.mul(new Scalar(scale)).sub(new Scalar((scale - 1) / 2));
    }
}
