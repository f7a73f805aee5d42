package yolompi.architecture.broken.geometry.inner;

import yolompi.architecture.broken.geometry.BoxHelper;

/** Closes a cycle of a package and its sub-package. */
public record Corner(BoxHelper box) {}
