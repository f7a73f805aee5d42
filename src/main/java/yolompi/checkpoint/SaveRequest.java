package yolompi.checkpoint;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A state to be saved, and as what.
 *
 * @param state goes into the metadata; its epoch, and inside of an epoch its step, into the file's name
 * @param insideEpoch whether the epoch goes on after this state
 * @param loss mean training loss of the epoch, as far as it has come, for the file's name
 * @param map50 mAP@0.5 where this state was evaluated, for the file's name
 * @param best whether it is the best so far, to which {@code best.safetensors} shall point
 * @param keep whether it is kept for good
 * @param checkpoint tensors, and metadata besides the state
 */
public record SaveRequest(
        TrainState state,
        boolean insideEpoch,
        double loss,
        OptionalDouble map50,
        boolean best,
        boolean keep,
        Checkpoint checkpoint) {
    /** Such as {@code epoch-0012_loss-1.2345_map50-0.6789}, or {@code epoch-0012_step-00001234_loss-1.2345}. */
    String label() {
        String label = String.format(Locale.ROOT, "epoch-%04d", state.epoch());
        label += insideEpoch ? String.format(Locale.ROOT, "_step-%08d", state.step()) : "";
        label += String.format(Locale.ROOT, "_loss-%.4f", loss);
        return map50.isPresent() ? label + String.format(Locale.ROOT, "_map50-%.4f", map50.getAsDouble()) : label;
    }
}
