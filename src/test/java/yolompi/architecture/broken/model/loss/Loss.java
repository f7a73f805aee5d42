package yolompi.architecture.broken.model.loss;

/** A class of an inner package that geometry must not use. */
public final class Loss {}
