/**
 * Thin native layer over LibTorch: tensors from Java arrays and back, operators that the presets do
 * not map, devices, loading of the libraries. Start with {@link yolompi.torch.Tensors} and
 * {@link yolompi.torch.DeviceContext}.
 *
 * <p>Lifetimes: closing a {@link org.bytedeco.javacpp.PointerScope} frees the tensors that were
 * created in it. The trainer opens a scope for each step. Tensors that live for the whole run
 * (weights, optimizer state) are created outside any scope.
 */
package yolompi.torch;
