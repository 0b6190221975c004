@echo off
rem Runs Maven on a JDK 25, whatever `java` the machine has by default: the JDK and the Maven that are already installed
rem if they will do, else the pinned Maven from Apache's archive, its checksum verified. The working directory and all
rem arguments are Maven's own.
rem
rem   JAVA_HOME            looked at first; passed over when it is no JDK 25
rem   MVNW_MAVEN_ARCHIVE   where Maven is downloaded from, if not Apache's archive
rem   MAVEN_USER_HOME      where a downloaded Maven is kept (wrapper\ in it), if not %USERPROFILE%\.m2
setlocal EnableExtensions DisableDelayedExpansion

set "MVNW_JDK=25"
set "MVNW_OLDEST_MAVEN=3.8.7"
set "MVNW_MAVEN=3.9.11"
set "MVNW_SHA512=03e2d65d4483a3396980629f260e25cac0d8b6f7f2791e4dc20bc83f9514db8d0f05b0479e699a5f34679250c49c8e52e961262ded468a20de0be254d8207076"
if not defined MVNW_MAVEN_ARCHIVE set "MVNW_MAVEN_ARCHIVE=https://archive.apache.org/dist/maven/maven-3"
if not defined MAVEN_USER_HOME set "MAVEN_USER_HOME=%USERPROFILE%\.m2"

call :find_jdk
if not defined MVNW_FOUND goto no_jdk
set "JAVA_HOME=%MVNW_FOUND%"
rem JDK 25 warns about what Maven's own libraries do, at every start; nobody here can change that.
set "MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED %MAVEN_OPTS%"

set "MVNW_COMMAND=mvn.cmd"
call :installed_maven_will_do
if not errorlevel 1 goto run

set "MVNW_WRAPPER=%MAVEN_USER_HOME%\wrapper"
set "MVNW_COMMAND=%MVNW_WRAPPER%\apache-maven-%MVNW_MAVEN%\bin\mvn.cmd"
if exist "%MVNW_COMMAND%" goto run
call :install_maven
if errorlevel 1 exit /b 1

rem Without `call`, which would take apart carets and percent signs in the arguments: control does not come back, and the
rem exit code is Maven's.
:run
"%MVNW_COMMAND%" %*

rem ---------------------------------------------------------------------------------------------- the JDK

:find_jdk
set "MVNW_FOUND="
if defined JAVA_HOME call :take_if_jdk "%JAVA_HOME%"
for /d %%d in (
  "%ProgramFiles%\Eclipse Adoptium\*"
  "%ProgramFiles%\Java\*"
  "%ProgramFiles%\Microsoft\*"
  "%ProgramFiles%\Amazon Corretto\*"
  "%ProgramFiles%\Zulu\*"
  "%ProgramFiles%\BellSoft\*"
  "%LOCALAPPDATA%\Programs\Eclipse Adoptium\*"
  "%USERPROFILE%\.jdks\*"
  "%USERPROFILE%\scoop\apps\temurin%MVNW_JDK%-jdk\*"
) do if not defined MVNW_FOUND call :take_if_jdk "%%~d"
exit /b 0

rem A run-time environment alone does not compile: it must have javac. The dot in the patterns is the quotation mark.
:take_if_jdk
if not exist "%~1\bin\java.exe" exit /b 1
if not exist "%~1\bin\javac.exe" exit /b 1
if not exist "%~1\release" goto ask_java
findstr /r /c:"^JAVA_VERSION=.%MVNW_JDK%[^0-9]" "%~1\release" >nul || exit /b 1
set "MVNW_FOUND=%~1"
exit /b 0

:ask_java
"%~1\bin\java.exe" -version 2>&1 | findstr /r /c:" version .%MVNW_JDK%[^0-9]" >nul || exit /b 1
set "MVNW_FOUND=%~1"
exit /b 0

:no_jdk
>&2 echo mvnw: this project is built by a JDK %MVNW_JDK% (a whole one, with javac), and none was found.
>&2 echo mvnw: Install Temurin %MVNW_JDK% from https://adoptium.net/temurin/releases/?version=%MVNW_JDK%, or any other JDK %MVNW_JDK%,
>&2 echo mvnw: and set JAVA_HOME to its folder if it is an unusual one (JAVA_HOME is '%JAVA_HOME%' now).
exit /b 1

rem ---------------------------------------------------------------------------------------------- Maven

:installed_maven_will_do
where mvn.cmd >nul 2>nul || exit /b 1
set "MVNW_VERSION="
for /f "tokens=3" %%v in ('mvn.cmd -B --version 2^>nul ^| findstr /b /c:"Apache Maven"') do set "MVNW_VERSION=%%v"
if not defined MVNW_VERSION exit /b 1
call :as_number MVNW_HAVE "%MVNW_VERSION%"
call :as_number MVNW_WANT "%MVNW_OLDEST_MAVEN%"
if %MVNW_HAVE% geq %MVNW_WANT% exit /b 0
exit /b 1

rem 3.8.7 becomes 3008007, so that 3.10.0 counts as newer than 3.8.7.
:as_number
for /f "tokens=1-3 delims=.-" %%a in ("%~2") do set /a "%1=%%a*1000000+%%b*1000+%%c"
exit /b 0

rem What is half done is never under the final name: the last step is one rename, which fails, and harmlessly so, if
rem another mvnw was faster.
:install_maven
set "MVNW_URL=%MVNW_MAVEN_ARCHIVE%/%MVNW_MAVEN%/binaries/apache-maven-%MVNW_MAVEN%-bin.zip"
set "MVNW_WORK=%MVNW_WRAPPER%\unfinished.%RANDOM%%RANDOM%"
>&2 echo mvnw: downloading %MVNW_URL%
powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command ^
  "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';" ^
  "[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12;" ^
  "try {" ^
  "  New-Item -ItemType Directory -Force $env:MVNW_WORK | Out-Null;" ^
  "  $zip = Join-Path $env:MVNW_WORK 'maven.zip';" ^
  "  (New-Object Net.WebClient).DownloadFile($env:MVNW_URL, $zip);" ^
  "  $actual = (Get-FileHash -Algorithm SHA512 -LiteralPath $zip).Hash;" ^
  "  if ($actual -ne $env:MVNW_SHA512) { throw ('this is not Maven ' + $env:MVNW_MAVEN + '; it is not used. SHA-512 received: ' + $actual) };" ^
  "  Expand-Archive -LiteralPath $zip -DestinationPath $env:MVNW_WORK;" ^
  "  Move-Item -LiteralPath (Join-Path $env:MVNW_WORK ('apache-maven-' + $env:MVNW_MAVEN)) -Destination $env:MVNW_WRAPPER -ErrorAction SilentlyContinue" ^
  "} catch { [Console]::Error.WriteLine('mvnw: ' + $_.Exception.Message) }" ^
  "finally { Remove-Item -Recurse -Force -ErrorAction SilentlyContinue -LiteralPath $env:MVNW_WORK }"
if exist "%MVNW_COMMAND%" exit /b 0
>&2 echo mvnw: Maven could not be installed from %MVNW_URL%
exit /b 1
