package yolompi.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class HostAddressTest {
    @Test
    void ranksOfOneHostMeetOnTheLoopbackThatNobodyElseReaches() {
        assertThat(HostAddress.of(new World(1, 2, 1, 2, "node01"))).isEqualTo("127.0.0.1");
    }

    @Test
    void ranksOfSeveralHostsMeetAtAnAddressOfThisHostThatIsNotTheLoopback()
            throws SocketException, UnknownHostException {
        boolean connected = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress());
        assumeThat(connected).as("this machine has a network").isTrue();

        InetAddress found = InetAddress.getByName(HostAddress.of(new World(0, 2, 0, 1, "a name that nobody knows")));

        assertThat(found.isLoopbackAddress()).isFalse();
        assertThat(NetworkInterface.getByInetAddress(found)).isNotNull();
    }
}
