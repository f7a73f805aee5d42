package yolompi.distributed.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import yolompi.InputException;

/** Properties of the machine that this process runs on. */
public final class Host {
    /** PyTorch's environment variable that names a network interface. */
    static final String INTERFACE_VARIABLE = "GLOO_SOCKET_IFNAME";

    private static final String LOOPBACK = "127.0.0.1";

    /** Name prefixes of bridges of containers and virtual machines, which reach no other host. */
    static final List<String> INWARD = List.of("docker", "veth", "virbr", "br-", "cni", "lxc", "podman");

    private Host() {}

    /** Host name according to the kernel. */
    public static String name() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress().getHostName();
        }
    }

    /** Whether the CPU multiplies bfloat16 in hardware (AMX or AVX-512 BF16). */
    public static boolean multipliesBf16() {
        return processorHas("amx_bf16") || processorHas("avx512_bf16");
    }

    /** Whether the CPU has AVX-512 BW, for which LibTorch has its own kernels. */
    public static boolean hasAvx512() {
        return processorHas("avx512bw");
    }

    private static boolean processorHas(String flag) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.anyMatch(line -> line.startsWith("flags") && line.contains(" " + flag));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** CPUs that this process may run on, as the kernel lists them: {@code 0-3,8}. */
    public static String allowedProcessors() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * IP address at which other ranks reach this host. Loopback if all ranks are on one host, so
     * that no other host can connect. Otherwise an external address.
     */
    public static String address(World world) {
        return world.localSize() == world.size() ? LOOPBACK : toOthers(world.host());
    }

    /**
     * Address of the interface in {@link #INTERFACE_VARIABLE}. If unset, the address of the host
     * name, unless this is the loopback, as Debian sets it up. Otherwise the address of the first
     * external interface.
     */
    private static String toOthers(String host) {
        String chosen = System.getenv().getOrDefault(INTERFACE_VARIABLE, "");
        if (!chosen.isEmpty()) {
            return ofInterface(chosen);
        }
        return ofName(host).or(Host::ofAnyInterface).orElse(host);
    }

    private static String ofInterface(String name) {
        return interfaces()
                .filter(one -> one.getName().equals(name))
                .flatMap(Host::addresses)
                .findFirst()
                .orElseThrow(() -> new InputException(
                        ("%s = \"%s\": no network interface of that name has an address on %s;" + " available: %s")
                                .formatted(
                                        INTERFACE_VARIABLE,
                                        name,
                                        name(),
                                        interfaces()
                                                .map(NetworkInterface::getName)
                                                .toList())));
    }

    private static Optional<String> ofName(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress() ? Optional.empty() : Optional.of(address.getHostAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> ofAnyInterface() {
        return interfaces()
                .filter(one -> INWARD.stream().noneMatch(one.getName()::startsWith))
                .flatMap(Host::addresses)
                .findFirst();
    }

    private static Stream<NetworkInterface> interfaces() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(Host::leadsOutside)
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex));
        } catch (SocketException e) {
            return Stream.empty();
        }
    }

    private static boolean leadsOutside(NetworkInterface one) {
        try {
            return one.isUp() && !one.isLoopback();
        } catch (SocketException e) {
            return false;
        }
    }

    /** Addresses without link-local ones, IPv4 first. */
    private static Stream<String> addresses(NetworkInterface one) {
        return one.inetAddresses()
                .filter(address -> !address.isLinkLocalAddress())
                .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                .map(InetAddress::getHostAddress);
    }
}
