# Sourced by mvnw and elleve. Sets JAVA_HOME to a JDK of at least version 25, or says in one sentence what to install.
# Looks at JAVA_HOME, then at the java on the PATH, then in the usual install folders; a newer JDK than 25 is fine.

jdk_version() { # prints the major version of the JDK in folder $1, or nothing
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_fits() {
  [ -n "$1" ] && v=$(jdk_version "$1") && [ "${v:-0}" -ge 25 ]
}

find_jdk() {
  jdk_fits "${JAVA_HOME:-}" && return 0
  onpath=$(command -v javac 2>/dev/null) && onpath=$(readlink -f "$onpath") && onpath=${onpath%/bin/javac}
  for candidate in "${onpath:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if jdk_fits "$candidate"; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  echo "No JDK 25 found in JAVA_HOME, on the PATH or in the usual folders: install one (for example Temurin 25) or point JAVA_HOME at it." >&2
  return 1
}

find_jdk || exit 1
