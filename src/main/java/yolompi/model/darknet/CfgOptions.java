package yolompi.model.darknet;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Handles the options of a {@code .cfg} that no layer reads. This is the only place that knows
 * Darknet's other options.
 *
 * <p>Options for Darknet's training, display and storage of detections are ignored, because the
 * recipe decides these. Options that would change the output of the network or the content of its
 * weights file are accepted only with the value that changes nothing. All other options are
 * rejected, so that no spelling mistake goes unnoticed. {@code [net]} contains only training
 * options and the input size and is ignored as a whole.
 */
final class CfgOptions {
    /** Ignored in every kind of layer. */
    private static final Set<String> TRAINING_OF_ANY = Set.of(
            "burnin_update",
            "clip",
            "dont_update",
            "grad_centr",
            "learning_rate",
            "onlyforward",
            "smooth",
            "stopbackward",
            "stream",
            "train_only_bn",
            "wait_stream");

    private static final Set<String> TRAINING_OF_YOLO = Set.of(
            "beta_nms",
            "classes", // the data set decides
            "cls_normalizer",
            "counters_per_class",
            "delta_normalizer",
            "dets_for_show",
            "dets_for_track",
            "focal_loss",
            "ignore_thresh",
            "iou_loss",
            "iou_normalizer",
            "iou_thresh",
            "iou_thresh_kind",
            "jitter",
            "label_smooth_eps",
            "max",
            "max_delta",
            "nms_kind",
            "obj_normalizer",
            "objectness_smooth",
            "random",
            "resize",
            "show_details",
            "sim_thresh",
            "track_ciou_norm",
            "track_history_size",
            "truth_thresh",
            "uc_normalizer");

    /** The value with which an option changes nothing. */
    private static final Map<String, String> NEUTRAL = Map.ofEntries(
            Map.entry("alpha", "1"),
            Map.entry("antialiasing", "0"),
            Map.entry("assisted_excitation", "0"),
            Map.entry("beta", "1"),
            Map.entry("bin_output", "0"),
            Map.entry("binary", "0"),
            Map.entry("cbn", "0"),
            Map.entry("coordconv", "0"),
            Map.entry("dontload", "0"),
            Map.entry("dontloadscales", "0"),
            Map.entry("dontsave", "0"),
            Map.entry("dot", "0"),
            Map.entry("flipped", "0"),
            Map.entry("maxpool_depth", "0"),
            Map.entry("new_coords", "0"),
            Map.entry("numload", "0"),
            Map.entry("reverse", "0"),
            Map.entry("rotate", "0"),
            Map.entry("stretch", "0"),
            Map.entry("stretch_sway", "0"),
            Map.entry("sway", "0"),
            Map.entry("weights_normalizion", "none"), // Darknet's spelling
            Map.entry("weights_type", "none"),
            Map.entry("xnor", "0"));

    private CfgOptions() {}

    /**
     * Checks the options that remain after the layer has read all options that it supports.
     *
     * @throws yolompi.InputException if an option is unknown, or would change the output of the
     *     layer
     */
    static void settle(CfgSection section) {
        Set<String> ignored = new TreeSet<>(TRAINING_OF_ANY);
        if (section.name().equals("yolo")) {
            ignored.addAll(TRAINING_OF_YOLO);
        }
        Set<String> understood = section.askedKeys();
        for (String key : section.unusedKeys()) {
            String neutral = NEUTRAL.get(key);
            if (neutral != null && !section.text(key, "").equals(neutral)) {
                throw section.fail(key, "not supported; expected " + neutral);
            }
            if (neutral == null && !ignored.contains(key)) {
                throw section.fail(
                        key,
                        "option not supported; expected one of %s; ignored: %s"
                                .formatted(String.join(", ", understood), String.join(", ", ignored)));
            }
        }
    }
}
