import css from "@eslint/css";
import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["sdks/", "node_modules/", "dist/", ".onebranch/", "test/fixtures/"] },
  { files: ["**/*.{ts,tsx,js,cjs,mjs}"], extends: [js.configs.recommended, ...tseslint.configs.recommended] },
  {
    files: ["**/*.css"],
    language: "css/css",
    extends: [css.configs.recommended],
    rules: {
      "css/use-baseline": "off",
      // The variables are those of cli/page/base.css; test/cli/page.test.ts holds every page to them.
      "css/no-invalid-properties": ["error", { allowUnknownVariables: true }],
    },
  },
  {
    files: ["**/*.{ts,tsx,js,cjs,mjs}"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // A module that few runs need is loaded where it is needed.
      "@typescript-eslint/no-require-imports": "off",
      "no-restricted-imports": [
        "error",
        {
          name: "@pulumi/aws",
          message: "Import what is used, as @pulumi/aws/eks/cluster: the whole takes seconds to check and load.",
        },
      ],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["test/**/*.ts"],
    ignores: ["test/support/{paths,root}.ts"],
    rules: {
      // Which tests read the tree of the user is seen in what they import; see test/support/tree-readers.ts.
      "no-restricted-syntax": [
        "error",
        {
          selector:
            ":matches(CallExpression[arguments.0.name='__dirname'] > Literal[value=/^\\.\\./], MemberExpression[object.name='process'][property.name='cwd'])",
          message:
            "Take the path from test/support/paths.ts; what is not there is below `root` of test/support/root.ts.",
        },
        {
          selector: "CallExpression[callee.property.name='skip'][callee.object.type='ThisExpression']",
          message: "Give a reason: skip(this, reason) of test/support/skip.ts.",
        },
      ],
    },
  },
  {
    files: ["**/*.cjs", "bin/*.js"],
    languageOptions: {
      sourceType: "commonjs",
    },
  },
  {
    files: ["bin/*.js", "cli/**/*.{ts,tsx}", "infra/**/*.{ts,cjs}", "machine/**/*.{ts,cjs}", "model/**/*.ts"],
    ignores: ["machine/git.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[arguments.0.value='git']:not([arguments.1.elements.0.value='--version'])",
          message: "Call git() of machine/git.ts: the settings of a checkout may name programs, which Git starts.",
        },
        {
          selector:
            ":matches(ImportDeclaration[source.value=/child_process$/], CallExpression[arguments.0.value=/child_process$/])",
          message: "Call run() of machine/run.ts.",
        },
      ],
    },
  },
  {
    // Each of them starts one program whose name is not a caller's, or comes before TypeScript can run.
    files: [
      "bin/first-build.js",
      "machine/{run,processes}.ts",
      "cli/tree/renderer/process.ts",
      "infra/providers/embedded/runtime/supervisor.ts",
    ],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["cli/**/*.{ts,tsx}", "infra/**/*.ts", "machine/**/*.ts", "model/**/*.ts"],
    ignores: ["model/source-root.ts", "machine/source-lines.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "__dirname", message: "It is dist/ in a bundle; use sourceRoot of model/source-root.ts." },
        { name: "__filename", message: "It is the bundle in a bundle; load a module with require." },
      ],
    },
  },
);
