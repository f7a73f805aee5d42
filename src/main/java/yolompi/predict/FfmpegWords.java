package yolompi.predict;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.global.avutil;

/** Turns exceptions of JavaCV into messages of FFmpeg, without JavaCV's advice to programmers. */
final class FfmpegWords {
    /** Matches {@code avformat_open_input() error -1094995529: Could not open input "a.mp4"}. */
    private static final Pattern CALL =
            Pattern.compile("[a-z0-9_ ]+\\(\\) error(?:\\(\\) error)? (-?\\d+): (.*)", Pattern.DOTALL);

    /** Matches {@code . (Has setFormat() been called?) (For more details …)} at the end. */
    private static final Pattern ADVICE =
            Pattern.compile("\\.? \\((?:Has setFormat|For more details).*", Pattern.DOTALL);

    private static final int MAX_LENGTH = 256;

    private FfmpegWords() {}

    static String of(Exception failure) {
        String message = ADVICE.matcher(String.valueOf(failure.getMessage())).replaceFirst("");
        Matcher call = CALL.matcher(message);
        return call.matches() ? call.group(2) + ": " + meaning(Integer.parseInt(call.group(1))) : message;
    }

    private static String meaning(int error) {
        byte[] text = new byte[MAX_LENGTH];
        avutil.av_strerror(error, text, MAX_LENGTH);
        return new String(text, StandardCharsets.UTF_8).replaceFirst("\\x00[\\x00-\\uffff]*", "");
    }
}
