/**
 * The thin native layer over LibTorch: Java arrays to tensors and back, operators that the presets don't map, autocast, threads.
 *
 * <p>Lifetimes: a tensor made inside a {@link org.bytedeco.javacpp.PointerScope} is freed when the scope closes. The trainer opens a scope
 * for each step; what lives for the run (weights, optimizer state) is made outside of any scope.
 */
package yolompi.torch;
