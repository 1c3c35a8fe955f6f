import java.nio.file.Files;
import java.nio.file.Path;
import org.neo4j.cli.AdminTool;
import org.neo4j.cli.ExecutionContext;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * Runs Neo4j until it is told to end (SIGTERM), then closes its databases in order.
 *
 * <p>Arguments: home, neo4j.conf, and a file with the first password, which is read and removed. The last one
 * need not exist.
 */
public final class Neo4jServer {
    public static void main(String[] arguments) {
        try {
            run(arguments);
        } catch (Throwable error) {
            error.printStackTrace();
            System.exit(1); // threads of a half-started server would keep the process
        }
    }

    private static void run(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Path settings = Path.of(arguments[1]);
        setFirstPassword(home, settings, Path.of(arguments[2]));
        var neo4j = new DatabaseManagementServiceBuilder(home).loadPropertiesFromFile(settings).build();
        Runtime.getRuntime().addShutdownHook(new Thread(neo4j::shutdown, "shutdown"));
        Thread.currentThread().join();
    }

    private static void setFirstPassword(Path home, Path settings, Path file) throws Exception {
        if (!Files.exists(file)) {
            return;
        }
        var context = new ExecutionContext(home, settings.getParent());
        String password = Files.readString(file).strip();
        int status = AdminTool.execute(context, "dbms", "set-initial-password", password);
        if (status != 0) {
            System.exit(status); // it has said why
        }
        Files.delete(file);
    }
}
