package yolompi.recipe;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses the word that a misspelt one was meant to be. */
final class Spelling {
    private Spelling() {}

    /** The nearest word, where it is at most two edits away, or for a long word a third of its letters. */
    static Optional<String> nearest(String word, Collection<String> words) {
        return words.stream()
                .min(Comparator.comparingInt(candidate -> edits(word, candidate)))
                .filter(candidate -> edits(word, candidate) <= Math.max(2, word.length() / 3))
                .filter(candidate -> edits(word, candidate) < candidate.length());
    }

    /** Levenshtein's distance: insertions, deletions and replacements that turn one word into the other. */
    static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
