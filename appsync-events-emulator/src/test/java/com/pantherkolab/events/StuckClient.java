package com.pantherkolab.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;

/// A WebSocket client by hand that stops reading: the only way to be really slow is not to read from the TCP
/// connection.
final class StuckClient implements AutoCloseable {

    private final Socket socket = new Socket();
    private final Map<String, String> credentials;

    StuckClient(AppSyncEventsEmulator emulator, Map<String, String> credentials) throws IOException {
        this.credentials = credentials;
        // Small, so that the emulator feels it soon; it must be set before connecting.
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), emulator.port()));
        write(("GET /event/realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                        + "Sec-WebSocket-Protocol: aws-appsync-event-ws, "
                        + TestClient.header(credentials)
                        + "\r\n\r\n")
                .getBytes(UTF_8));
        readUntil("\r\n\r\n");
    }

    void subscribe(String channel) throws IOException {
        byte[] frame = TestClient.JSON.writeValueAsBytes(
                Map.of("type", "subscribe", "id", "s1", "channel", channel, "authorization", credentials));
        // Final text frame, masked with zeros, 16-bit length.
        write(new byte[] {(byte) 0x81, (byte) 0xfe, (byte) (frame.length >> 8), (byte) frame.length, 0, 0, 0, 0});
        write(frame);
        readUntil("subscribe_success");
    }

    /// Reads on, and finds the end of what was sent before the connection was dropped.
    boolean isDropped() throws IOException {
        socket.setSoTimeout(5_000);
        try {
            while (socket.getInputStream().read(new byte[64 * 1024]) >= 0) {
                // What was under way arrives first.
            }
            return true;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private void write(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    private void readUntil(String end) throws IOException {
        var seen = new StringBuilder();
        while (seen.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the connection ended");
            }
            seen.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
