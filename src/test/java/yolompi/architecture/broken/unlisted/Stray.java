package yolompi.architecture.broken.unlisted;

/** A class in a package that the table lacks. */
public final class Stray {}
