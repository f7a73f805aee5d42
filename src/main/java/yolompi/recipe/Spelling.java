package yolompi.recipe;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the intended word for a misspelled one. */
final class Spelling {
    private Spelling() {}

    /** The nearest word within two edits, or within a third of the letters for a long word. */
    static Optional<String> nearest(String word, Collection<String> words) {
        return words.stream()
                .min(Comparator.comparingInt(candidate -> edits(word, candidate)))
                .filter(candidate -> edits(word, candidate) <= Math.max(2, word.length() / 3))
                .filter(candidate -> edits(word, candidate) < candidate.length());
    }

    /** The Levenshtein distance: number of insertions, deletions and replacements. */
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
