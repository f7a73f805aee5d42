package yolompi.architecture.broken.cli;

public final class Command {}
