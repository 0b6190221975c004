package com.pantherkolab.local;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// `openapi.yaml` as the tests see it: operations, their examples, and schemas to hold bodies against.
///
/// A request's example and the example of its answer have the same name.
final class ApiDocument {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");

    private final JsonNode root;
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private ApiDocument(JsonNode root) {
        this.root = root;
    }

    static ApiDocument read() {
        return new ApiDocument(new YAMLMapper()
                .readTree(Deployment.find().resolveSibling("openapi.yaml").toFile()));
    }

    /// One route.
    record Operation(String method, String path, JsonNode described) {
        String key() {
            return method + " " + path;
        }

        @Override
        public String toString() {
            return key();
        }
    }

    /// A request that a client may send.
    ///
    /// @param headers those that it has besides the token, each with its example's value
    record RequestExample(
            Operation operation, String name, Map<String, Header> headers, JsonNode body, JsonNode schema) {
        @Override
        public String toString() {
            return operation + " " + name;
        }
    }

    /// A header of a request.
    record Header(JsonNode value, JsonNode schema) {}

    /// An answer that it may get.
    ///
    /// @param headers each header that the answer of this status has, with its schema
    record AnswerExample(
            Operation operation,
            int status,
            String mediaType,
            String name,
            JsonNode body,
            JsonNode schema,
            Map<String, JsonNode> headers) {
        @Override
        public String toString() {
            return operation + " " + status + " " + name;
        }
    }

    List<Operation> operations() {
        return root.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .map(operation -> new Operation(
                                operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue())))
                .toList();
    }

    List<RequestExample> requests() {
        return operations().stream()
                .flatMap(operation -> content(operation.described().path("requestBody"))
                        .flatMap(content -> content.getValue().path("examples").properties().stream()
                                .map(example -> new RequestExample(
                                        operation,
                                        example.getKey(),
                                        headers(operation, example.getKey()),
                                        value(example.getValue()),
                                        content.getValue().path("schema")))))
                .toList();
    }

    List<AnswerExample> answers() {
        return operations().stream()
                .flatMap(operation -> operation.described().path("responses").properties().stream()
                        .flatMap(response ->
                                answers(operation, Integer.parseInt(response.getKey()), response.getValue())))
                .toList();
    }

    /// The names of the refusals.
    List<String> codes() {
        return root.at("/components/schemas/Code/enum").values().stream()
                .map(JsonNode::stringValue)
                .toList();
    }

    /// What is wrong with a body that a client sends.
    List<String> complaints(JsonNode schema, JsonNode body) {
        return complaints(root, schema, body);
    }

    /// What is wrong with an answer; a field that the document does not name is wrong too, though clients pass over
    /// it.
    List<String> strictComplaints(JsonNode schema, JsonNode body) {
        return complaints(closed(root.deepCopy()), schema, body);
    }

    private List<String> complaints(JsonNode document, JsonNode schema, JsonNode body) {
        ObjectNode whole = (ObjectNode) schema.deepCopy();
        whole.set("components", document.path("components"));
        return schemas.getSchema(whole).validate(body).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    private Stream<AnswerExample> answers(Operation operation, int status, JsonNode response) {
        return content(response).flatMap(content -> content.getValue().path("examples").properties().stream()
                .map(example -> new AnswerExample(
                        operation,
                        status,
                        content.getKey(),
                        example.getKey(),
                        value(example.getValue()),
                        content.getValue().path("schema"),
                        headers(response))));
    }

    private Stream<Map.Entry<String, JsonNode>> content(JsonNode body) {
        return resolved(body).path("content").properties().stream();
    }

    private Map<String, JsonNode> headers(JsonNode response) {
        return resolved(response).path("headers").properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> resolved(header.getValue()).path("schema")));
    }

    private static Map<String, Header> headers(Operation operation, String example) {
        return operation.described().path("parameters").values().stream()
                .filter(parameter -> parameter.path("in").stringValue("").equals("header")
                        && parameter.path("examples").has(example))
                .collect(Collectors.toMap(
                        parameter -> parameter.path("name").stringValue(),
                        parameter -> new Header(
                                parameter.path("examples").path(example).path("value"), parameter.path("schema"))));
    }

    private JsonNode value(JsonNode example) {
        return resolved(example).path("value");
    }

    private JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").stringValue(null);
        return reference == null ? node : resolved(root.at(reference.substring(1)));
    }

    /// Objects that say what they hold and not that they hold nothing else are made to say so.
    private static JsonNode closed(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("type").stringValue("").equals("object")
                && object.has("properties")
                && !object.has("unevaluatedProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(ApiDocument::closed);
        return node;
    }
}
