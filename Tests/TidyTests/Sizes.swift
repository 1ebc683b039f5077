/// Sizes above which a reader loses the thread. Medians to aim for: 7 lines a function, 120 a file.
enum Sizes {
    static let functionLines = 60
    static let fileLines = 500
    static let columns = 120

    static func findings(in file: SourceFile) -> [Finding] {
        var findings: [Finding] = []
        let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
        if count > fileLines {
            let message = "\(count) lines; split the file by topic (at most \(fileLines))"
            findings.append(Finding(path: file.path, line: 0, message: message))
        }
        for (index, line) in file.lines.enumerated() where line.count > columns {
            let message = "\(line.count) columns (at most \(columns))"
            findings.append(Finding(path: file.path, line: index + 1, message: message))
        }
        for function in file.functions where function.lineCount > functionLines {
            let message = "\(function.name) has \(function.lineCount) lines (at most \(functionLines))"
            findings.append(Finding(path: file.path, line: function.line, message: message))
        }
        return findings
    }
}
