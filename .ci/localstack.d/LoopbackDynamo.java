import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.lang.reflect.Field;
import java.util.List;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** DynamoDB Local as its own main class starts it, but on loopback alone, for which it has no option. */
public final class LoopbackDynamo {
    private LoopbackDynamo() {}

    public static void main(String[] arguments) throws Exception {
        DynamoDBProxyServer dynamo = ServerRunner.createServerFromCommandLineArgs(arguments);
        Field server = DynamoDBProxyServer.class.getDeclaredField("server");
        server.setAccessible(true);
        for (Connector connector : List.of(((Server) server.get(dynamo)).getConnectors())) {
            ((ServerConnector) connector).setHost("127.0.0.1");
        }
        dynamo.start();
        dynamo.join();
    }
}
