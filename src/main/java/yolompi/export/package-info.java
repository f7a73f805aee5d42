/**
 * Exports networks to files for other programs.
 *
 * <p>Read {@link yolompi.export.ExportedModel} first: what a file contains.
 * {@link yolompi.export.OnnxFile} and {@link yolompi.export.TorchScriptFile} write it. Both use
 * {@code NetworkWriter}, which walks through the layers and the decoding of the heads once and
 * calls {@code NetworkWriter.Operators}, an interface that each format implements.
 */
package yolompi.export;
