/**
 * Networks as files for other programs. {@link yolompi.export.ExportedModel} is what is written; {@link yolompi.export.OnnxFile} and
 * {@link yolompi.export.TorchScriptFile} write it. Both walk through the network by {@code NetworkWriter}, which says each layer and the
 * decoding of the heads once, in {@code Operators} that each format has its own words for.
 */
package yolompi.export;
