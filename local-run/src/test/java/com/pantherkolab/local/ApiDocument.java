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
import tools.jackson.databind.node.MissingNode;
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
    /// @param parameters those that it has besides the token, each with its example's value
    /// @param body missing where the route takes none
    record RequestExample(
            Operation operation, String name, List<Parameter> parameters, JsonNode body, JsonNode schema) {
        @Override
        public String toString() {
            return operation + " " + name;
        }
    }

    /// What a request has in its path, its query or its headers.
    ///
    /// @param in which of the three, as the document calls it
    record Parameter(String name, String in, JsonNode value, JsonNode schema) {}

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
                .flatMap(operation ->
                        operation.described().has("requestBody") ? withBody(operation) : withoutBody(operation))
                .toList();
    }

    private Stream<RequestExample> withBody(Operation operation) {
        return content(operation.described().path("requestBody"))
                .flatMap(content -> content.getValue().path("examples").properties().stream()
                        .map(example -> new RequestExample(
                                operation,
                                example.getKey(),
                                parameters(operation, example.getKey()),
                                value(example.getValue()),
                                content.getValue().path("schema"))));
    }

    /// Of a route that takes no body, the requests are what its parameters have examples for.
    private static Stream<RequestExample> withoutBody(Operation operation) {
        return described(operation)
                .flatMap(parameter -> parameter.path("examples").propertyNames().stream())
                .distinct()
                .map(name -> new RequestExample(
                        operation,
                        name,
                        parameters(operation, name),
                        MissingNode.getInstance(),
                        MissingNode.getInstance()));
    }

    List<AnswerExample> answers() {
        return operations().stream()
                .flatMap(operation -> operation.described().path("responses").properties().stream()
                        .flatMap(response ->
                                answers(operation, Integer.parseInt(response.getKey()), response.getValue())))
                .toList();
    }

    /// The headers that an operation's answer of a status has, each with its schema; none if it has no such answer.
    Map<String, JsonNode> headers(Operation operation, int status) {
        return headers(operation.described().path("responses").path(String.valueOf(status)));
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

    /// The parameters that a request has. What stands in the path is always there: the first of its examples, where
    /// the request has none of its own.
    static List<Parameter> parameters(Operation operation, String example) {
        return described(operation)
                .filter(parameter -> parameter.path("examples").has(example)
                        || parameter.path("in").stringValue("").equals("path"))
                .map(parameter -> {
                    JsonNode examples = parameter.path("examples");
                    JsonNode own = examples.has(example)
                            ? examples.path(example)
                            : examples.values().iterator().next();
                    return new Parameter(
                            parameter.path("name").stringValue(),
                            parameter.path("in").stringValue(),
                            own.path("value"),
                            parameter.path("schema"));
                })
                .toList();
    }

    private static Stream<JsonNode> described(Operation operation) {
        return operation.described().path("parameters").values().stream();
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
