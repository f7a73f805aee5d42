package yolompi.distributed.world;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import yolompi.InputException;

/** IP address at which other hosts reach this one. */
public final class HostAddress {
    /** PyTorch's environment variable for the same setting. */
    static final String INTERFACE_VARIABLE = "GLOO_SOCKET_IFNAME";

    private static final String LOOPBACK = "127.0.0.1";

    /** Name prefixes of bridges of containers and virtual machines, which reach no other host. */
    static final List<String> INWARD = List.of("docker", "veth", "virbr", "br-", "cni", "lxc", "podman");

    private HostAddress() {}

    /**
     * Loopback if all ranks are on one host, so that no other host can connect. Otherwise an
     * external address.
     */
    public static String of(World world) {
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
        return ofName(host).or(HostAddress::ofAnyInterface).orElse(host);
    }

    private static String ofInterface(String name) {
        return interfaces()
                .filter(one -> one.getName().equals(name))
                .flatMap(HostAddress::addresses)
                .findFirst()
                .orElseThrow(() -> new InputException(
                        ("%s = \"%s\": no network interface of that name has an address on %s;" + " available: %s")
                                .formatted(
                                        INTERFACE_VARIABLE,
                                        name,
                                        Host.name(),
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
                .flatMap(HostAddress::addresses)
                .findFirst();
    }

    private static Stream<NetworkInterface> interfaces() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(HostAddress::leadsOutside)
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
