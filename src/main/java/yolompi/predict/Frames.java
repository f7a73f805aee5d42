package yolompi.predict;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Iterates over the images and video frames of all inputs. */
final class Frames implements Iterator<Frame>, AutoCloseable {
    private final Iterator<InputFile> files;
    private final BiConsumer<String, String> damaged;
    private Optional<VideoReader> video = Optional.empty();
    private Optional<Frame> next = Optional.empty();

    /**
     * Starts at the first input.
     *
     * @param damaged receives each video, or the rest of a video, that can't be read, and the
     *     reason
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

    /** The image of an image file; empty for a video, which is opened. */
    private Optional<Frame> begin(InputFile file) {
        if (!file.isVideo()) {
            return Optional.of(Frame.ofImage(file));
        }
        try {
            video = Optional.of(VideoReader.open(file));
        } catch (IOException e) {
            damaged.accept(file.path().toString(), e.getMessage());
        }
        return Optional.empty();
    }

    private Optional<Frame> nextOf(VideoReader open) {
        Optional<Frame> frame = Optional.empty();
        try {
            frame = open.next();
        } catch (IOException e) {
            damaged.accept(open.file().path() + " from frame " + open.framesRead() + " on", e.getMessage());
        }
        if (frame.isEmpty()) {
            close();
        }
        return frame;
    }

    @Override
    public void close() {
        try {
            if (video.isPresent()) {
                video.get().close();
            }
        } catch (IOException e) {
            damaged.accept(video.get().file().path().toString(), e.getMessage());
        }
        video = Optional.empty();
    }
}
