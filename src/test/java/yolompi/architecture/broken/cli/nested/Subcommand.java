package yolompi.architecture.broken.cli.nested;

import yolompi.architecture.broken.geometry.BoxHelper;

/** Closes a cycle of the top-level packages cli and geometry. */
public record Subcommand(BoxHelper helper) {}
