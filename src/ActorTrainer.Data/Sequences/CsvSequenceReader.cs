using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Sequences;

/// <summary>
/// Reads sequences that are rows of a table: those with one text in the group's column, which stand
/// together. A label is kept for every row; where none varies within its group, it is the sequence's.
/// </summary>
internal sealed class CsvSequenceReader
{
    private readonly SequencesOptions _options;
    private readonly SequenceStore _store;
    private readonly FaultList _faults;
    private readonly CsvRows _rows;
    private readonly int _groupPlace;
    private readonly ImmutableArray<int> _inputPlaces;
    private readonly int? _labelPlace;
    private readonly HashSet<int> _ended = [];
    private readonly SequenceDraft _draft = new();
    private byte[] _group = [];
    private long _firstRow;

    private CsvSequenceReader(CsvRows rows, SequencesOptions options, SequenceStore store, FaultList faults, bool labelled)
    {
        (_rows, _options, _store, _faults) = (rows, options, store, faults);
        ImmutableArray<string> wanted = [options.Group, .. options.Inputs, .. labelled ? ImmutableArray.Create(options.Label) : []];
        TableReader.RequireColumns(rows.Columns, wanted);
        _groupPlace = rows.Columns.IndexOf(options.Group);
        _inputPlaces = [.. options.Inputs.Select(name => rows.Columns.IndexOf(name))];
        _labelPlace = labelled ? rows.Columns.IndexOf(options.Label) : null;
    }

    /// <inheritdoc cref="JsonSequenceReader.Read"/>
    public static void Read(
        Stream content, SequencesOptions options, SequenceStore store, FaultList faults, bool labelled, DataLimits limits)
    {
        using var rows = new CsvRows(content, options.Table, limits, faults);
        new CsvSequenceReader(rows, options, store, faults, labelled).Read();
    }

    private void Read()
    {
        while (_rows.Read())
        {
            var group = _rows.Cell(_groupPlace);
            if (_draft.Length == 0 || !group.SequenceEqual(_group))
            {
                End();
                Begin(group);
            }

            if (++_draft.Length <= _options.MaximumLength)
            {
                AddInputs();
                AddLabel();
            }
        }

        End();
    }

    private void Begin(ReadOnlySpan<byte> group)
    {
        var name = Encoding.UTF8.GetString(group);
        (_group, _firstRow) = (group.ToArray(), _rows.Line);
        _draft.Begin(SequenceInput.Numbers, _inputPlaces.Length);
        _draft.BeginLabels(width: 1);
        (_draft.LabelAtEveryStep, _draft.Group) = (_labelPlace is not null, _store.Groups.NumberOf(name));
        if (string.IsNullOrWhiteSpace(name))
        {
            _faults.Add(_firstRow, _options.Group, "the cell is empty; it must tell which sequence the row belongs to.");
        }
        else if (!_ended.Add(_draft.Group))
        {
            _faults.Add(
                _firstRow, _options.Group, $"{CellText.Quoted(name)} comes again after other rows; the rows of a sequence must stand together.");
        }
    }

    private void End()
    {
        if (_draft.Length > 0)
        {
            _store.Append(_draft, _firstRow, _labelPlace is not null, _faults);
        }
    }

    private void AddInputs()
    {
        for (var input = 0; input < _inputPlaces.Length; input++)
        {
            var value = Number(_inputPlaces[input], _options.Table.Missing);
            if (_draft.AddValue(value, _options.Table.Missing) is { } fault)
            {
                _faults.Add(_rows.Line, _options.Inputs[input], fault);
                _draft.Values.Add(0);
            }
        }
    }

    private void AddLabel()
    {
        if (_labelPlace is not { } place)
        {
            return;
        }

        if (_options.LabelKind == LabelKind.Number)
        {
            // A missing label is no missing value: its target is masked.
            _draft.Numbers.Add(Number(place, MissingValues.Mean));
            return;
        }

        var cell = _rows.Cell(place);
        var name = cell.Trim(" \t"u8).IsEmpty ? "" : Encoding.UTF8.GetString(cell);
        if (name.Length > SequencesOptions.NameLimit)
        {
            _faults.Add(_rows.Line, _options.Label, $"the name of a class has {name.Length} characters; the most is {SequencesOptions.NameLimit}.");
            name = "";
        }

        var number = name.Length == 0 ? -1 : _store.Classes.NumberOf(name);
        if (number < 0 && name.Length > 0)
        {
            throw _rows.Refuse(place, $"the file has more than {DataLimits.Kinds} different classes, the most there may be");
        }

        _draft.Classes.Add(number);
    }

    /// <summary>The number of a cell, NaN where it is missing; 0 where a fault was noted.</summary>
    private double Number(int place, MissingValues missing)
    {
        var value = CellNumber.Read(_rows, place, missing);
        if (double.IsNaN(value) || Math.Abs(value) <= float.MaxValue)
        {
            return value;
        }

        _rows.Note(place, $"{value.ToString(CultureInfo.InvariantCulture)} is beyond the largest number, {float.MaxValue.ToString(CultureInfo.InvariantCulture)}");
        return 0;
    }
}
