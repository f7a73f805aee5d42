package yolompi.train.step;

import java.util.List;

/**
 * Result of a case on one rank: one line of its output.
 *
 * @param gradients SHA-256 of the first step's gradients
 * @param weights SHA-256 of weights and running statistics after all steps
 * @param movedWhileFrozen layers that changed while some were frozen; empty if none were
 * @param movedInTheEnd layers that had changed after all were trained
 */
record StepOutcome(String stepCase, String gradients, String weights, String movedWhileFrozen, String movedInTheEnd) {
    private static final String MARK = "outcome";
    private static final String BETWEEN = "|";

    String line() {
        return String.join(BETWEEN, MARK, stepCase, gradients, weights, movedWhileFrozen, movedInTheEnd);
    }

    /** Finds the outcome of a case in the output of a rank. */
    static StepOutcome in(List<String> lines, StepCase stepCase) {
        return lines.stream()
                .map(line -> line.split("\\|", -1))
                .filter(parts -> parts.length == 6 && parts[0].equals(MARK) && parts[1].equals(stepCase.text()))
                .map(parts -> new StepOutcome(parts[1], parts[2], parts[3], parts[4], parts[5]))
                .findFirst()
                .orElseThrow(() -> new AssertionError(stepCase + " has no outcome in " + lines));
    }
}
