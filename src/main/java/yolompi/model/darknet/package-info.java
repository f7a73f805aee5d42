/**
 * Darknet's file formats: {@code .cfg} (networks) and {@code .weights} (trained weights).
 *
 * <p>Read {@link yolompi.model.darknet.CfgFile} first: the syntax of a {@code .cfg}, parsed into
 * {@link yolompi.model.darknet.CfgSection}s. {@code ArchitectureReader} turns the sections into
 * layers and rejects what is not supported, with file and line; {@code CfgOptions} lists the
 * ignored options. {@link yolompi.model.darknet.CfgWriter} writes the {@code .cfg} that belongs to
 * trained weights. {@link yolompi.model.darknet.DarknetWeights} specifies, reads and writes the
 * {@code .weights} format. The code follows Darknet's parser.c.
 */
package yolompi.model.darknet;
