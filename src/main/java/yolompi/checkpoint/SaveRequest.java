package yolompi.checkpoint;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A checkpoint to save, and how to save it.
 *
 * @param state goes into the metadata; its epoch and, within an epoch, its step go into the file
 *     name
 * @param insideEpoch whether the epoch continues after this checkpoint
 * @param loss mean training loss of the epoch so far, for the file name
 * @param map50 mAP@0.5 if this checkpoint was evaluated, for the file name
 * @param best whether it is the best so far, so that {@code best.safetensors} must point to it
 * @param keep whether it is kept permanently
 * @param checkpoint tensors, and metadata in addition to the state
 */
public record SaveRequest(
        TrainState state,
        boolean insideEpoch,
        double loss,
        OptionalDouble map50,
        boolean best,
        boolean keep,
        Checkpoint checkpoint) {
    /**
     * Such as {@code epoch-0012_loss-1.2345_map50-0.6789}, or {@code
     * epoch-0012_step-00001234_loss-1.2345}.
     */
    String label() {
        String label = String.format(Locale.ROOT, "epoch-%04d", state.epoch());
        label += insideEpoch ? String.format(Locale.ROOT, "_step-%08d", state.step()) : "";
        label += String.format(Locale.ROOT, "_loss-%.4f", loss);
        return map50.isPresent() ? label + String.format(Locale.ROOT, "_map50-%.4f", map50.getAsDouble()) : label;
    }
}
