package yolompi.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CudaLibrariesTest {
    @Test
    void missingLibrariesAreReadFromTheLinkersOutput() {
        String lines = """
                \tlinux-vdso.so.1 (0x00007ffd)
                \tlibcudnn.so.9 => not found
                \tlibc10.so => /cache/libc10.so (0x00007f36)
                \tlibcublas.so.13 => not found
                \tlibquadmath.so.0 => not found
                \tlibcudnn.so.9 => not found
                """;
        assertThat(CudaLibraries.notFound(lines)).containsExactly("libcublas.so.13", "libcudnn.so.9");
    }

    @Test
    void remedyNamesEachLibraryAndItsSource() {
        assertThat(CudaLibraries.remedy(List.of("libcublas.so.13", "libcublasLt.so.13", "libnccl.so.2")))
                .contains(
                        "libcublas.so.13, libcublasLt.so.13, libnccl.so.2",
                        "pip install --target DIR nvidia-cublas nvidia-nccl-cu13 ",
                        "mpi/gpu/nvidia.sh --nvidia-wheels DIR");
    }
}
