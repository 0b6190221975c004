package com.pantherkolab.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// As much of CloudWatch's metric math as the alarms and the dashboard of `template.yaml` use: sums, products, a
/// comparison, `ABS`, `IF` and `FILL`. Whatever else stands in an expression is refused.
final class MetricMath {
    private static final Pattern TOKEN = Pattern.compile("\\s*([A-Z]+|[a-z]\\w*|\\d+(?:\\.\\d+)?|[-+*/><(),])");
    private static final Pattern ID = Pattern.compile("\\b[a-z]\\w*");

    private final List<String> tokens;
    private final Map<String, Double> values;
    private int at;

    private MetricMath(List<String> tokens, Map<String, Double> values) {
        this.tokens = tokens;
        this.values = values;
    }

    /// What an expression comes to.
    ///
    /// @param values of each id
    static double evaluate(String expression, Map<String, Double> values) {
        MetricMath math = new MetricMath(tokens(expression), values);
        double result = math.comparison();
        if (math.at != math.tokens.size()) {
            throw new IllegalArgumentException("what is behind '%s'?".formatted(expression));
        }
        return result;
    }

    /// The ids that an expression names.
    static Set<String> ids(String expression) {
        Set<String> ids = new TreeSet<>();
        ID.matcher(expression).results().forEach(id -> ids.add(id.group()));
        return ids;
    }

    private static List<String> tokens(String expression) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(expression);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            tokens.add(matcher.group(1));
            end = matcher.end();
        }
        if (end != expression.stripTrailing().length()) {
            throw new IllegalArgumentException("not understood: " + expression.substring(end));
        }
        return tokens;
    }

    private double comparison() {
        double left = sum();
        if (took(">")) {
            return left > sum() ? 1 : 0;
        }
        if (took("<")) {
            return left < sum() ? 1 : 0;
        }
        return left;
    }

    private double sum() {
        double sum = product();
        while (true) {
            if (took("+")) {
                sum += product();
            } else if (took("-")) {
                sum -= product();
            } else {
                return sum;
            }
        }
    }

    private double product() {
        double product = one();
        while (true) {
            if (took("*")) {
                product *= one();
            } else if (took("/")) {
                product /= one();
            } else {
                return product;
            }
        }
    }

    private double one() {
        String token = next();
        if (token.equals("(")) {
            double inside = comparison();
            require(")");
            return inside;
        }
        if (Character.isDigit(token.charAt(0))) {
            return Double.parseDouble(token);
        }
        if (Character.isUpperCase(token.charAt(0))) {
            return function(token, arguments());
        }
        Double value = values.get(token);
        if (value == null) {
            throw new IllegalArgumentException("nothing is known of " + token);
        }
        return value;
    }

    private static double function(String name, List<Double> arguments) {
        return switch (name) {
            case "ABS" -> Math.abs(arguments.getFirst());
            case "IF" -> arguments.get(0) != 0 ? arguments.get(1) : arguments.get(2);
            // Nothing that is measured here is ever missing.
            case "FILL" -> arguments.getFirst();
            default -> throw new IllegalArgumentException("not understood: " + name);
        };
    }

    private List<Double> arguments() {
        require("(");
        List<Double> arguments = new ArrayList<>(List.of(comparison()));
        while (took(",")) {
            arguments.add(comparison());
        }
        require(")");
        return arguments;
    }

    private boolean took(String token) {
        if (at < tokens.size() && tokens.get(at).equals(token)) {
            at++;
            return true;
        }
        return false;
    }

    private void require(String token) {
        if (!took(token)) {
            throw new IllegalArgumentException("'%s' is missing".formatted(token));
        }
    }

    private String next() {
        if (at == tokens.size()) {
            throw new IllegalArgumentException("the expression ends too early");
        }
        return tokens.get(at++);
    }
}
