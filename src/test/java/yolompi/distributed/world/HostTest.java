package yolompi.distributed.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class HostTest {
    private static final String UNKNOWN_NAME = "a name that nobody knows";

    @Test
    void ranksOfOneHostUseTheLoopback() {
        assertThat(Host.address(new World(1, 2, 1, 2, "node01"))).isEqualTo("127.0.0.1");
    }

    /** Without a network, the address is the host name. */
    @Test
    void ranksOfSeveralHostsUseAnExternalAddress() throws SocketException, UnknownHostException {
        String address = Host.address(new World(0, 2, 0, 1, UNKNOWN_NAME));

        if (address.equals(UNKNOWN_NAME)) {
            assertThat(NetworkInterface.networkInterfaces().filter(HostTest::leadsOutside))
                    .isEmpty();
        } else {
            InetAddress found = InetAddress.getByName(address);
            assertThat(found.isLoopbackAddress()).isFalse();
            assertThat(NetworkInterface.getByInetAddress(found)).isNotNull();
        }
    }

    private static boolean leadsOutside(NetworkInterface one) {
        return Host.INWARD.stream().noneMatch(one.getName()::startsWith)
                && one.inetAddresses()
                        .anyMatch(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress());
    }
}
