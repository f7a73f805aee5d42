package yolompi.architecture.broken.unlisted;

/** Lies in a package that the table lacks. */
public final class Stray {}
