package yolompi.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import yolompi.data.image.CheckedImage.DamagedImageException;
import yolompi.predict.ImageFile;

/** Letterboxes image files for the network. */
final class LetterboxedFiles {
    private LetterboxedFiles() {}

    /** Letterboxed pixels, uint8 {@code [N,S,S,3]}. */
    static byte[] letterboxed(List<Path> files, int size) throws IOException, DamagedImageException {
        int length = 3 * size * size;
        byte[] all = new byte[files.size() * length];
        for (int i = 0; i < files.size(); i++) {
            byte[] one = ImageFile.of(Files.readAllBytes(files.get(i))).letterboxed(size);
            System.arraycopy(one, 0, all, i * length, length);
        }
        return all;
    }
}
