package yolompi.predict;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/** The pictures of all inputs, one after another; of each video, one frame after another. */
final class Frames implements Iterator<Frame>, AutoCloseable {
    private final Iterator<InputFile> files;
    private final BiConsumer<String, String> damaged;
    private Optional<OpenVideo> video = Optional.empty();
    private Optional<Frame> next = Optional.empty();

    private static final class OpenVideo {
        private final InputFile file;
        private final VideoReader reader;
        private int frames;

        OpenVideo(InputFile file, VideoReader reader) {
            this.file = file;
            this.reader = reader;
        }
    }

    /**
     * Begins with the first.
     *
     * @param damaged is told which videos, or which of their ends, can't be read, and why
     */
    Frames(List<InputFile> files, BiConsumer<String, String> damaged) {
        this.files = files.iterator();
        this.damaged = damaged;
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty() && (video.isPresent() || files.hasNext())) {
            next = video.isPresent() ? nextOf(video.get()) : begin(files.next());
        }
        return next.isPresent();
    }

    @Override
    public Frame next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Frame frame = next.orElseThrow();
        next = Optional.empty();
        return frame;
    }

    /** The picture that an image file is; empty for a video, which is opened. */
    private Optional<Frame> begin(InputFile file) {
        if (!file.isVideo()) {
            return Optional.of(new Frame(file, OptionalInt.empty(), () -> Files.readAllBytes(file.path())));
        }
        try {
            video = Optional.of(new OpenVideo(file, VideoReader.open(file)));
        } catch (IOException e) {
            damaged.accept(file.path().toString(), e.getMessage());
        }
        return Optional.empty();
    }

    private Optional<Frame> nextOf(OpenVideo open) {
        Optional<byte[]> bytes = Optional.empty();
        try {
            bytes = open.reader.next();
        } catch (IOException e) {
            damaged.accept(open.file.path() + " from frame " + open.frames + " on", e.getMessage());
        }
        if (bytes.isEmpty()) {
            close();
            return Optional.empty();
        }
        byte[] frame = bytes.get();
        return Optional.of(new Frame(open.file, OptionalInt.of(open.frames++), () -> frame));
    }

    @Override
    public void close() {
        try {
            if (video.isPresent()) {
                video.get().reader.close();
            }
        } catch (IOException e) {
            damaged.accept(video.get().file.path().toString(), e.getMessage());
        }
        video = Optional.empty();
    }
}
